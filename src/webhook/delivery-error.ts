import { type ProblemType, problems } from './answers.ts';

interface DeliveryErrorOptions extends ErrorOptions {
  isKept?: boolean;
  isRepeated?: boolean;
  eventType?: string | undefined;
}

/** A delivery that is not accepted. `detail` names the fault and its place, and quotes no value. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly problem: ProblemType;
  readonly detail: string;
  /** Whether the delivery is in quarantine. Deliveries about an erased user are not kept. */
  readonly isKept: boolean;
  /** Whether the same bytes were in quarantine before. */
  readonly isRepeated: boolean;
  /** The catalog's name of the event type, if the envelope was readable. */
  readonly eventType: string | undefined;

  constructor(problem: ProblemType, detail: string, more: DeliveryErrorOptions = {}) {
    const { isKept = problems[problem].kept, isRepeated = false, eventType, ...options } = more;
    super(`${problems[problem].title}: ${detail}`, options);
    this.problem = problem;
    this.detail = detail;
    this.isKept = isKept;
    this.isRepeated = isRepeated;
    this.eventType = eventType;
  }

  /** Returns the same refusal with what the quarantine did. */
  keptAs(kept: 'first' | 'again' | 'erased'): DeliveryError {
    const { problem, detail, eventType, cause } = this;
    const isKept = kept !== 'erased';
    return new DeliveryError(problem, detail, {
      isKept,
      isRepeated: kept === 'again',
      eventType,
      cause,
    });
  }
}
