/** Answers to deliveries that are not accepted (RFC 9457; `type` is `urn:eventline:problem:…`). */
export const problems = {
  'invalid-json': { status: 400, title: 'The body is not JSON', kept: true },
  'body-cut-short': { status: 400, title: 'The body ended before its length', kept: false },
  'signature-missing': { status: 401, title: 'The signature is missing', kept: false },
  'signature-wrong': { status: 401, title: 'The signature is wrong', kept: false },
  'method-not-allowed': { status: 405, title: 'Only POST is taken here', kept: false },
  'body-too-slow': { status: 408, title: 'The body came too slowly', kept: false },
  'body-too-large': { status: 413, title: 'The body is too large', kept: false },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON', kept: false },
  'json-not-exact': { status: 422, title: 'The JSON cannot be kept exactly', kept: true },
  'invalid-envelope': { status: 422, title: 'The envelope is invalid', kept: true },
  'invalid-payload': { status: 422, title: 'The payload is invalid', kept: true },
  'internal-error': { status: 500, title: 'Something went wrong here', kept: false },
  unavailable: { status: 503, title: 'Not now', kept: false },
} as const;

export type ProblemType = keyof typeof problems;

interface DeliveryErrorOptions extends ErrorOptions {
  isKept?: boolean;
  eventType?: string | undefined;
}

/** A delivery that is not accepted. `detail` names the fault and its place, and quotes no value. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly problem: ProblemType;
  readonly detail: string;
  /** Whether the delivery is in quarantine. Deliveries about an erased user are not kept. */
  readonly isKept: boolean;
  /** The catalog's name of the event type, if the envelope was readable. */
  readonly eventType: string | undefined;

  constructor(problem: ProblemType, detail: string, more: DeliveryErrorOptions = {}) {
    const { isKept = problems[problem].kept, eventType, ...options } = more;
    super(`${problems[problem].title}: ${detail}`, options);
    this.problem = problem;
    this.detail = detail;
    this.isKept = isKept;
    this.eventType = eventType;
  }
}
