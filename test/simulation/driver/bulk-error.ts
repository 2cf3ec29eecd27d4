import { createRequire } from 'node:module';
import mongoose from 'mongoose';
import type { Reply } from '../commands/server-error.ts';
import { toDriverError } from './to-driver-error.ts';

/** The driver creates these errors itself, and only exports their types. */
const driver = createRequire(createRequire(import.meta.url).resolve('mongoose'));
const { BulkWriteResult, WriteConcernError, WriteError } = driver('mongodb/lib/bulk/common.js') as {
  BulkWriteResult: new (raw: object, isOrdered: boolean) => mongoose.mongo.BulkWriteResult;
  WriteConcernError: typeof mongoose.mongo.WriteConcernError;
  WriteError: typeof mongoose.mongo.WriteError;
};
const { MongoBulkWriteError } = mongoose.mongo;

/** Creates the driver's bulk write result from a reply. */
export function toBulkResult(
  reply: Reply | undefined,
  {
    kind,
    operations,
    isOrdered,
  }: { kind: string; operations: readonly unknown[]; isOrdered: boolean },
): mongoose.mongo.BulkWriteResult {
  const {
    n = 0,
    nModified = 0,
    upserted = [],
  } = (reply ?? {}) as {
    n?: number;
    nModified?: number;
    upserted?: { index: number; _id: unknown }[];
  };
  // The driver keeps these fields of an error, and drops its key pattern.
  const writeErrors = (reply?.writeErrors ?? []).map(
    ({ index, code, errmsg, errInfo }) =>
      new WriteError({ index, code, errmsg, errInfo, op: operations[index] } as never),
  );
  const raw = {
    ok: 1,
    writeErrors,
    writeConcernErrors: reply?.writeConcernError
      ? [new WriteConcernError(reply.writeConcernError)]
      : [],
    insertedIds: operations.map((one, index) => ({ index, _id: (one as { _id?: unknown })._id })),
    nInserted: kind === 'insert' ? n : 0,
    nUpserted: upserted.length,
    nMatched: kind === 'update' ? n - upserted.length : 0,
    nModified,
    nRemoved: kind === 'delete' ? n : 0,
    upserted,
  };
  return new BulkWriteResult(raw, isOrdered);
}

/**
 * The error of a bulk write; undefined without one. A connection error is wrapped as well. Beside a
 * write concern error, single write errors are only in the result. Source: the driver,
 * `executeCommands` in src/bulk/common.ts.
 */
export function toBulkError(
  result: mongoose.mongo.BulkWriteResult,
  outcome: { reply: Reply } | { error: unknown },
): mongoose.mongo.MongoBulkWriteError | undefined {
  if ('error' in outcome) return new MongoBulkWriteError(outcome.error as never, result);
  const error = toDriverError(outcome.reply);
  if (error) {
    const { message, code } = error;
    return new MongoBulkWriteError({ message, code } as never, result);
  }
  const writeErrors = result.getWriteErrors();
  const [first] = writeErrors;
  if (first === undefined) return undefined;
  const { code, errmsg } = first;
  return new MongoBulkWriteError({ message: errmsg ?? '', code, writeErrors } as never, result);
}
