import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { LogUnavailableError } from '../errors.ts';
import type { Collection, QuarantineDocument } from './models.ts';

/** A signed delivery that could not be accepted, and why. */
export interface Rejected {
  rawBody: Buffer;
  problem: string;
  detail: string;
  receivedAt: Date;
}

export interface Quarantine {
  /**
   * Keeps the bytes as they came; the same bytes again are counted, not kept twice. Resolves when
   * they are durable.
   * @throws LogUnavailableError when they could not be kept
   */
  keep(rejected: Rejected): Promise<void>;
}

/** The place where signed but unacceptable deliveries wait for a person or a fix. */
export function createQuarantine(collection: Collection<QuarantineDocument>): Quarantine {
  const { Binary } = mongoose.mongo;
  return {
    async keep({ rawBody, problem, detail, receivedAt }) {
      const id = new Binary(createHash('sha256').update(rawBody).digest());
      const upsert = () =>
        collection.updateOne(
          { _id: id },
          {
            $setOnInsert: { raw: new Binary(rawBody), firstAt: receivedAt },
            $set: { problem, detail, lastAt: receivedAt },
            $inc: { count: 1 },
          },
          { upsert: true },
        );
      try {
        // Two first upserts at once may both try to insert; the loser then finds the document.
        await upsert().catch((error) => {
          if ((error as { code?: unknown }).code !== 11000) throw error;
          return upsert();
        });
      } catch (error) {
        throw new LogUnavailableError('The delivery could not be kept. Send it again.', {
          cause: error,
        });
      }
    },
  };
}
