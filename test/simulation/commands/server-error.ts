/** Codes of the members' errors. Source: MongoDB, src/mongo/base/error_codes.yml. */
export const codes = {
  MaxTimeMSExpired: 50,
  WriteConcernFailed: 64,
  ShutdownInProgress: 91,
  WriteConflict: 112,
  DocumentValidationFailure: 121,
  PrimarySteppedDown: 189,
  NoSuchTransaction: 251,
  ChangeStreamHistoryLost: 286,
  NotWritablePrimary: 10_107,
  InterruptedDueToReplStateChange: 11_602,
  DuplicateKey: 11_000,
  NotPrimaryNoSecondaryOk: 13_435,
} as const;

export type CodeName = keyof typeof codes;

/** A member's reply to a command, in the format of the server's protocol. */
export interface Reply {
  ok: 0 | 1;
  code?: number;
  codeName?: string;
  errmsg?: string;
  errorLabels?: readonly string[];
  writeConcernError?: WriteConcernFailure;
  writeErrors?: WriteFailure[];
  [name: string]: unknown;
}

export interface WriteConcernFailure {
  code: number;
  codeName: string;
  errmsg: string;
  errInfo?: object;
}

export interface WriteFailure {
  index: number;
  code: number;
  errmsg: string;
  keyPattern?: object;
  keyValue?: object;
  errInfo?: object;
}

/** The reply for a command that failed because of one of its writes. */
export function toFailed(failure: Omit<WriteFailure, 'index'>): Reply {
  const isDuplicate = failure.code === codes.DuplicateKey;
  return {
    ok: 0,
    codeName: isDuplicate ? 'DuplicateKey' : 'DocumentValidationFailure',
    ...failure,
  };
}

/** The reply for a command that failed as a whole. */
export function toError(
  codeName: CodeName,
  errmsg: string,
  errorLabels: readonly string[] = [],
): Reply {
  return { ok: 0, code: codes[codeName], codeName, errmsg, errorLabels };
}
