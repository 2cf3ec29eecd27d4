import mongoose from 'mongoose';
import type { StoredEvent } from '../catalog/event.ts';
import type { EventDocument } from '../storage/documents.ts';
import { fromDocument, toDocument } from '../storage/event-document.ts';
import type { Collections } from '../storage/models.ts';
import type { ClientSession } from '../storage/with-transaction.ts';
import type { ErasurePseudonyms } from './state/pseudonyms.ts';

const { Binary } = mongoose.mongo;

/** Maximum number of events per transaction. */
export const PAGE = 200;

/** An event before and after a change. */
export interface Rewritten {
  before: StoredEvent;
  after: StoredEvent;
}

export interface RewriteTarget {
  collections: Pick<Collections, 'events' | 'transaction'>;
  pseudonyms: Pick<ErasurePseudonyms, 'digest'>;
  signal?: AbortSignal | undefined;
}

export interface RewriteOptions {
  /** Called with the events of a page before they are changed. */
  onPage?: ((page: readonly Rewritten[]) => Promise<void>) | undefined;
  /** Counts and changes nothing. */
  dry?: boolean | undefined;
}

/**
 * Replaces events at their positions with what `change` makes of them now; returns the number
 * replaced. Where `change` returns another digest, the event gets that identity, by delete and insert
 * in one transaction, so that no reader sees a missing position.
 */
export async function rewriteEvents(
  { collections, pseudonyms, signal }: RewriteTarget,
  positions: readonly number[],
  change: (event: StoredEvent) => StoredEvent,
  { onPage, dry = false }: RewriteOptions = {},
): Promise<number> {
  const { events, transaction } = collections;
  let count = 0;
  for (let start = 0; start < positions.length; start += PAGE) {
    signal?.throwIfAborted();
    const chunk = positions.slice(start, start + PAGE);
    count += await transaction(async (session) => {
      const found = await events.find({ position: { $in: chunk } }, { session }).toArray();
      const page = found.map(fromDocument).flatMap((before): Rewritten[] => {
        const after = change(before);
        return after === before ? [] : [{ before, after }];
      });
      if (dry || page.length === 0) return page.length;
      await onPage?.(page);
      const ids = page.map(({ before }) => new Binary(before.digest));
      const documents = withoutDuplicates(page, await digestsIn(page, session));
      await events.deleteMany({ _id: { $in: ids } }, { session });
      await events.insertMany(documents, { session });
      return page.length;
    });
  }
  return count;

  /** Returns those of the new identities that the log already holds. */
  async function digestsIn(page: readonly Rewritten[], session: ClientSession) {
    const ids = page.map(({ after }) => new Binary(after.digest));
    const found = events.find({ _id: { $in: ids } }, { session, projection: { _id: 1 } });
    return (await found.toArray()).map(({ _id }) => toKey(_id.value()));
  }

  /** Gives an event with the same content as another one a random identity. */
  function withoutDuplicates(
    page: readonly Rewritten[],
    stored: readonly string[],
  ): EventDocument[] {
    const taken = new Set(stored);
    return page.map(({ before, after }) => {
      const isSame = before.digest.equals(after.digest);
      const isTaken = !isSame && taken.has(toKey(after.digest));
      taken.add(toKey(after.digest));
      const digest = isTaken ? pseudonyms.digest(before.digest) : after.digest;
      return toDocument({ ...after, digest }, after.position);
    });
  }
}

function toKey(digest: Uint8Array): string {
  return Buffer.from(digest).toString('base64');
}
