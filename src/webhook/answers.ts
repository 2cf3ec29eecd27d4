/**
 * Every answer of the webhook, in one definition: docs/reference/webhook.md, the metrics and the
 * answers themselves follow from it. 4xx is only for what no retry can mend: no valid signature, no
 * readable envelope, another address or method, or a document that the database refuses.
 */

interface Answer {
  readonly status: number;
  /** What the sender should do. */
  readonly advice: string;
}

/** Answers after which a delivery is settled; the name is the `status` of the body. */
export const outcomes = {
  stored: {
    status: 200,
    title: 'The event is durable: a majority of the replica set has journalled it',
    advice: 'nothing',
  },
  duplicate: {
    status: 200,
    title: 'The same event was stored before, with this id and position',
    advice: 'nothing',
  },
  erased: {
    status: 200,
    title: 'The user was erased after the event occurred; it is neither stored nor kept',
    advice: 'nothing',
  },
  dropped: {
    status: 200,
    title: 'The same bytes were refused before, and an operator dropped them',
    advice: 'nothing',
  },
} as const satisfies Record<string, Answer & { title: string }>;

const FIX_BODY = 'do not retry: it is kept. Fix later deliveries';
const RETRY = 'retry';

/**
 * Answers to deliveries that are not accepted (RFC 9457; `type` is `urn:eventline:problem:…`).
 * `kept`: if its signature is valid, the delivery is in quarantine.
 */
export const problems = {
  'invalid-json': {
    ...{ status: 400, title: 'The body is not JSON', kept: true },
    advice: FIX_BODY,
  },
  'body-cut-short': {
    ...{ status: 400, title: 'The body ended before its length', kept: false },
    advice: RETRY,
  },
  'signature-missing': {
    ...{ status: 401, title: 'The signature is missing', kept: false },
    advice: 'sign the body, then retry',
  },
  'signature-wrong': {
    ...{ status: 401, title: 'The signature is wrong', kept: false },
    advice: 'check the secret on both sides, then retry',
  },
  'timestamp-not-current': {
    ...{ status: 401, title: 'The signed timestamp is not current', kept: true },
    advice: 'do not retry: it is kept. Check the clock',
  },
  'wrong-path': {
    ...{ status: 404, title: 'No deliveries are taken at this path', kept: true },
    advice: 'do not retry: it is kept. Fix the URL',
  },
  'method-not-allowed': {
    ...{ status: 405, title: 'Only POST is taken here', kept: true },
    advice: 'do not retry: it is kept if signed. Use POST',
  },
  'body-too-slow': {
    ...{ status: 408, title: 'The body came too slowly', kept: false },
    advice: RETRY,
  },
  'body-too-large': {
    ...{ status: 413, title: 'The body is too large', kept: false },
    advice: 'do not retry, unless `WEBHOOK_MAX_BYTES` is raised',
  },
  'unsupported-media-type': {
    ...{ status: 415, title: 'The body is compressed', kept: true },
    advice: 'do not retry: it is kept. Send JSON without compression',
  },
  'json-not-exact': {
    ...{ status: 422, title: 'The JSON cannot be kept exactly', kept: true },
    advice: FIX_BODY,
  },
  'invalid-envelope': {
    ...{ status: 422, title: 'The envelope is invalid', kept: true },
    advice: FIX_BODY,
  },
  'internal-error': {
    ...{ status: 500, title: 'Something went wrong here', kept: false },
    advice: RETRY,
  },
  unavailable: {
    ...{ status: 503, title: 'Not now', kept: false },
    advice: 'retry after the seconds in `Retry-After`',
  },
} as const satisfies Record<string, Answer & { title: string; kept: boolean }>;

export type OutcomeName = keyof typeof outcomes;
export type ProblemType = keyof typeof problems;
