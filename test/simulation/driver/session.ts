import mongoose from 'mongoose';
import type { WriteConcern } from '../commands/command.ts';
import type { SimulatedClient } from './client.ts';
import { runTransaction } from './run-transaction.ts';
import { toDriverError } from './to-driver-error.ts';

const { MongoError, MongoNetworkError, MongoServerSelectionError, MongoTransactionError } =
  mongoose.mongo;

export interface TransactionOptions {
  writeConcern?: WriteConcern;
}

/** The part of the driver's ClientSession that the application uses. */
export interface Session {
  withTransaction<T>(
    work: (session: Session) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  startTransaction(options?: TransactionOptions): void;
  inTransaction(): boolean;
  commitTransaction(): Promise<void>;
  abortTransaction(): Promise<void>;
  endSession(): Promise<void>;
  /** The transaction options of the next command. */
  take(): { id: string; isFirst: boolean } | undefined;
}

/**
 * Simulates the driver's sessions: a commit without a reply is sent once more, whatever
 * `retryWrites` says. Source: the drivers' specification "Transactions".
 */
export function createSession(client: Pick<SimulatedClient, 'send'>, name: string): Session {
  let number = 0;
  let state: 'none' | 'starting' | 'open' | 'committed' | 'aborted' = 'none';
  let writeConcern: WriteConcern = { w: 'majority' };
  const id = () => `${name}.${number}`;

  async function commit(): Promise<void> {
    const command = { kind: 'commit', transaction: { id: id() }, writeConcern } as const;
    const error = toDriverError(await client.send(command));
    if (error) throw error;
  }

  return {
    withTransaction(work, options) {
      return runTransaction(this, work, options);
    },
    startTransaction(options = {}) {
      if (state === 'starting' || state === 'open') {
        throw new MongoTransactionError('Transaction already in progress');
      }
      number += 1;
      state = 'starting';
      writeConcern = options.writeConcern ?? { w: 'majority' };
    },
    inTransaction: () => state === 'starting' || state === 'open',
    async commitTransaction() {
      if (state === 'none') throw new MongoTransactionError('No transaction started');
      if (state === 'aborted') {
        throw new MongoTransactionError(
          'Cannot call commitTransaction after calling abortTransaction',
        );
      }
      const isEmpty = state === 'starting';
      state = 'committed';
      if (isEmpty) return;
      try {
        await commit().catch((error) => (isRetryable(error) ? commit() : Promise.reject(error)));
      } catch (error) {
        if (isUnknown(error)) error.addErrorLabel('UnknownTransactionCommitResult');
        throw error;
      }
    },
    async abortTransaction() {
      if (state === 'none') throw new MongoTransactionError('No transaction started');
      if (state === 'aborted')
        throw new MongoTransactionError('Cannot call abortTransaction twice');
      if (state === 'committed') {
        throw new MongoTransactionError(
          'Cannot call abortTransaction after calling commitTransaction',
        );
      }
      const isEmpty = state === 'starting';
      state = 'aborted';
      if (isEmpty) return;
      const command = { kind: 'abort', transaction: { id: id() }, writeConcern } as const;
      // Source: the driver: all errors of an abort are ignored.
      await client.send(command).catch(() => undefined);
    },
    async endSession() {
      if (state === 'starting' || state === 'open') await this.abortTransaction();
    },
    take() {
      if (state !== 'starting' && state !== 'open') return undefined;
      const isFirst = state === 'starting';
      state = 'open';
      return { id: id(), isFirst };
    },
  };
}

function isRetryable(error: unknown): boolean {
  return (
    error instanceof MongoNetworkError ||
    (error instanceof MongoError &&
      (error.hasErrorLabel('RetryableWriteError') ||
        [91, 189, 11_602].includes(Number(error.code))))
  );
}

function isUnknown(error: unknown): error is mongoose.mongo.MongoError {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    (error instanceof MongoError && [64, 91, 189, 11_602].includes(Number(error.code)))
  );
}
