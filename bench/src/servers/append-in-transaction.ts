import type mongoose from 'mongoose';

type Document = mongoose.mongo.Document;

// The defaults of DomainBlocks/mongodb-sequencing, MongoSequencedAppenderOptions.cs.
const MAX_BATCH = 500;
const COMMIT_RETRIES = 3;
const COMMIT_RETRY_MS = 100;

const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  readPreference: 'primary',
  writeConcern: { w: 'majority', journal: true },
} as const;

export interface TransactionAppenderOptions {
  client: mongoose.mongo.MongoClient;
  /** Holds the counter. */
  sequences: mongoose.mongo.Collection<{ _id: string; next: number }>;
  /** Gets the documents, each with its `position`. */
  target: mongoose.mongo.Collection;
}

interface Request {
  document: Document;
  resolve(position: number): void;
  reject(error: unknown): void;
}

/**
 * Creates a function that appends documents with contiguous numbers, as DomainBlocks/mongodb-sequencing
 * does (MongoSequencedAppender.cs): one loop takes up to 500 waiting documents; one transaction
 * increments the counter by their number and inserts them in order. After a write conflict the same
 * batch is tried again at once.
 */
export function createTransactionAppender(options: TransactionAppenderOptions) {
  const { client, sequences, target } = options;
  const queue: Request[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    // Requests that were received together go in one batch.
    await undefined;
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_BATCH);
      try {
        const first = await commit(batch.map(({ document }) => document));
        for (const [index, one] of batch.entries()) one.resolve(first + index);
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    isRunning = false;
  }

  /** Returns the number of the first document. */
  async function commit(documents: readonly Document[]): Promise<number> {
    for (;;) {
      const session = client.startSession();
      session.startTransaction(TRANSACTION);
      try {
        const counter = await sequences.findOneAndUpdate(
          { _id: 'events' },
          { $inc: { next: documents.length } },
          { upsert: true, returnDocument: 'before', projection: { next: 1 }, session },
        );
        const first = counter?.next ?? 0;
        const numbered = documents.map((one, index) => ({ ...one, position: first + index }));
        await target.insertMany(numbered, { session, ordered: true });
        await commitWithRetries(session);
        return first;
      } catch (error) {
        await session.abortTransaction().catch(() => undefined);
        if (!hasLabel(error, 'TransientTransactionError')) throw error;
      } finally {
        await session.endSession();
      }
    }
  }

  return function append(document: Document): Promise<number> {
    return new Promise((resolve, reject) => {
      queue.push({ document, resolve, reject });
      if (!isRunning) void run();
    });
  };
}

async function commitWithRetries(session: mongoose.mongo.ClientSession): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      const isUnknown = hasLabel(error, 'UnknownTransactionCommitResult');
      if (!isUnknown || attempt === COMMIT_RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, COMMIT_RETRY_MS));
    }
  }
}

function hasLabel(error: unknown, label: string): boolean {
  return (error as Partial<mongoose.mongo.MongoError>).hasErrorLabel?.(label) === true;
}
