/**
 * The table of error codes that clients see: the GraphQL `extensions.code`, the HTTP status, the
 * WebSocket close code, and the meaning (docs/reference/errors.md). graphql-ws clients reconnect
 * after 4403 and 1013, and never after 4400.
 */
export const errorTable = {
  UNAUTHENTICATED: {
    httpStatus: 401,
    closeCode: 4403,
    meaning: 'The token is missing, invalid or expired. Get a new one.',
  },
  FORBIDDEN: {
    httpStatus: 403,
    closeCode: 4403,
    meaning: 'The token may not do or see this.',
  },
  BAD_USER_INPUT: {
    httpStatus: 400,
    closeCode: 4400,
    meaning: 'The request is invalid. The message says what and where.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    httpStatus: 400,
    closeCode: 4400,
    meaning: 'The request has the id of a document instead of its text. Send the text.',
  },
  CURSOR_INVALID: {
    httpStatus: 400,
    closeCode: 4400,
    meaning: 'The cursor is not one of this log.',
  },
  CURSOR_EXPIRED: {
    httpStatus: 410,
    closeCode: 4400,
    meaning:
      'Retention has removed events after the cursor. `extensions.oldestCursor` is the oldest valid one.',
  },
  RESPONSE_TOO_LARGE: {
    httpStatus: 400,
    closeCode: 4400,
    meaning: 'The answer would be too large. Ask for smaller pages, fewer fields or fewer aliases.',
  },
  RATE_LIMITED: {
    httpStatus: 429,
    closeCode: 1013,
    meaning: 'A limit is reached. The message names it and its setting. Retry later.',
  },
  SERVICE_UNAVAILABLE: {
    httpStatus: 503,
    closeCode: 1013,
    meaning:
      'The database is unavailable, data is not ready yet, or the memory for answers is in use. Retry.',
  },
  INTERNAL_SERVER_ERROR: {
    httpStatus: 500,
    closeCode: 1011,
    meaning: 'A bug in Eventline. The log has the error under the request id.',
  },
} as const;

export type ErrorCode = keyof typeof errorTable;

const retryable: ReadonlySet<unknown> = new Set<ErrorCode>([
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
]);

/** Returns true for a code after which the same request may succeed later, or with a new token. */
export const isRetryable = (code: unknown): boolean => retryable.has(code);

/** An error for clients: its message says what is wrong and where, and contains no secret. */
export class EventlineError extends Error {
  override readonly name = 'EventlineError';
  readonly code: ErrorCode;
  /** Further machine-readable facts for `extensions`, beside the code. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    { details = {}, ...options }: ErrorOptions & { details?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** The log cannot store or return events now: the database is unavailable or overloaded. */
export class LogUnavailableError extends EventlineError {
  constructor(message: string, options?: ErrorOptions) {
    super('SERVICE_UNAVAILABLE', message, options);
  }
}

/** The database has lost published events: nothing may be appended after them. */
export class LogWentBackError extends LogUnavailableError {
  constructor(
    what = 'The database has lost published events: it was emptied, or restored from a backup.',
  ) {
    super(`${what} Run "eventline restored" to continue.`);
  }
}

/** The log has events after a position that holds none: nothing may be appended there. */
export class LogHoleError extends LogWentBackError {
  constructor(position: number) {
    super(
      `The log has no event at position ${position}, but later ones: events were deleted or inserted by hand.`,
    );
  }
}

/**
 * A document of the collection `meta` is missing or was changed by hand. Without it positions could
 * be assigned twice, or erased users accepted again.
 */
export class MetaDamagedError extends LogUnavailableError {
  constructor(id: string, problem: string) {
    super(
      `The document "${id}" of the collection "meta" cannot be used: ${problem}. Restore it from a backup.`,
    );
  }
}

/** "eventline restored" is running: nothing may be appended until it has finished. */
export class LogClosedError extends LogUnavailableError {
  constructor() {
    super(
      'The log is closed because "eventline restored" is running or was interrupted. If it was interrupted, run it again.',
    );
  }
}

/** The database cannot store this event; a retry does not help. */
export class UnstorableError extends Error {
  override readonly name = 'UnstorableError';

  constructor(options?: ErrorOptions) {
    super('the database cannot keep this event as it is', options);
  }
}
