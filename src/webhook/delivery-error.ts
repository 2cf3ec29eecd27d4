import { type ProblemType, problems } from './answers.ts';

interface DeliveryErrorOptions extends ErrorOptions {
  isKept?: boolean;
  isRepeated?: boolean;
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

  constructor(problem: ProblemType, detail: string, more: DeliveryErrorOptions = {}) {
    const { isKept = problems[problem].kept, isRepeated = false, ...options } = more;
    super(`${problems[problem].title}: ${detail}`, options);
    this.problem = problem;
    this.detail = detail;
    this.isKept = isKept;
    this.isRepeated = isRepeated;
  }

  /** Returns the same refusal with what the quarantine did. */
  keptAs(kept: 'first' | 'again' | 'erased'): DeliveryError {
    const { problem, detail, cause } = this;
    const isKept = kept !== 'erased';
    return new DeliveryError(problem, detail, { isKept, isRepeated: kept === 'again', cause });
  }
}
