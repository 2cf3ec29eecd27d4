import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { Session, TransactionOptions } from './session.ts';

const { MongoError } = mongoose.mongo;

/** For how long the work and the commit are repeated, in milliseconds. */
const RETRY_MS = 120_000;
/** Upper bounds of the first delay and of any delay, in milliseconds, and the growth between them. */
const FIRST_DELAY_MS = 5;
const LONGEST_DELAY_MS = 500;
const GROWTH = 1.5;

/** Simulates `ClientSession.withTransaction`. Source: the driver, src/sessions.ts. */
export async function runTransaction<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  const endMs = performance.now() + RETRY_MS;
  const isOver = () => performance.now() >= endMs;
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) await wait(delayMs(attempt));
    session.startTransaction(options);
    let result: T;
    try {
      result = await work(session);
    } catch (error) {
      if (!(error instanceof MongoError) || session.inTransaction()) {
        await session.abortTransaction();
      }
      if (!has(error, 'TransientTransactionError') || isOver()) throw error;
      continue;
    }
    if (!session.inTransaction()) return result;
    const error = await commit();
    if (error === undefined) return result;
    if (!has(error, 'TransientTransactionError')) throw error;
  }

  /** Commits until the outcome is known; returns the error that says that it failed. */
  async function commit(): Promise<unknown> {
    for (;;) {
      try {
        await session.commitTransaction();
        return undefined;
      } catch (error) {
        if (!has(error, 'UnknownTransactionCommitResult') || isOver()) return error;
      }
    }
  }
}

function delayMs(attempt: number): number {
  const boundMs = Math.min(FIRST_DELAY_MS * GROWTH ** (attempt - 1), LONGEST_DELAY_MS);
  return Math.random() * boundMs;
}

function has(error: unknown, label: string): boolean {
  return error instanceof MongoError && error.hasErrorLabel(label);
}
