import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { NewEvent, StoredEvent } from '../catalog/event.ts';
import type { AppendResult } from './append.ts';
import { findHead } from './find-head.ts';
import { type InsertOutcome, insertBatch } from './insert-batch.ts';
import type { Collection, EventDocument } from './models.ts';

/** First and longest pause before another try, in milliseconds; each is halved at random. */
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;

/** An event on its way into the log, and the one who waits for it. */
export interface Entry {
  readonly key: string;
  readonly event: NewEvent;
  readonly sizeBytes: number;
  readonly result: Promise<AppendResult>;
  resolve(result: AppendResult): void;
  reject(reason: unknown): void;
}

interface Commit {
  collection: Collection<EventDocument>;
  /** A position that cannot be rolled back any more: the floor for every look at the head. */
  floor: () => number;
  batch: readonly Entry[];
  patienceMs: number;
  onAppended: (events: StoredEvent[]) => void;
}

/**
 * Brings every entry of a batch to its end and returns the last durable position. Tries again after a lost race
 * and after an unclear answer: then what is already there is looked up first.
 *
 * @throws what kept it from being stored, once `patienceMs` are over
 */
export async function commitBatch(commit: Commit): Promise<number> {
  const { collection, floor, batch, patienceMs, onAppended } = commit;
  const deadline = performance.now() + patienceMs;
  let head = floor();
  let durable = head;
  let rest = batch;
  let pauseMs = FIRST_PAUSE_MS;
  /** From then on, what is found in the log may be what was written here. */
  let unclear = false;

  const stored = (count: number) => {
    const front = rest.slice(0, count);
    onAppended(front.map(({ event }, index) => ({ ...event, position: head + 1 + index })));
    for (const [index, entry] of front.entries()) {
      entry.resolve({ status: 'stored', position: head + 1 + index });
    }
    head += count;
    if (count > 0) durable = head;
    rest = rest.slice(count);
  };

  const pause = async (reason: unknown) => {
    if (performance.now() > deadline) throw reason;
    await wait(pauseMs * (0.5 + Math.random() / 2));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };

  while (rest.length > 0) {
    const outcome = await insertBatch(
      collection,
      rest.map(({ event }) => event),
      head + 1,
    );
    if (outcome.kind === 'all') {
      stored(rest.length);
      continue;
    }
    if (outcome.kind === 'unclear') unclear = true;
    else stored(outcome.stored);
    try {
      const before = rest.length;
      if (outcome.kind !== 'race-lost') rest = await settleRepeats(collection, rest, unclear);
      // A head that was read locally may be rolled back: it is looked for anew from the floor.
      if (outcome.kind !== 'repeat')
        head = await findHead(collection, Math.max(durable, floor()), 'local');
      // A repeat that is not found yet waits for the majority to have the first one.
      if (outcome.kind !== 'repeat' || rest.length === before) await pause(outcome);
    } catch (error) {
      if (error === outcome) throw reasonOf(outcome);
      // The database went away between the steps: what was asked is asked again.
      await pause(error);
    }
  }
  return durable;
}

function reasonOf(outcome: InsertOutcome): unknown {
  if (outcome.kind === 'unclear') return outcome.error;
  return new Error(
    outcome.kind === 'repeat'
      ? 'the first delivery of a repeat did not become durable'
      : 'other writers were always first',
  );
}

/**
 * Settles the entries that the log already holds, and returns the others. A repeat is told its
 * position only once the first one is durable on a majority.
 */
async function settleRepeats(
  collection: Collection<EventDocument>,
  entries: readonly Entry[],
  afterUnclear: boolean,
): Promise<readonly Entry[]> {
  const { Binary } = mongoose.mongo;
  const found = await collection
    .find(
      { _id: { $in: entries.map(({ event }) => new Binary(event.digest)) } },
      { projection: { position: 1, receivedAt: 1 }, readConcern: { level: 'majority' } },
    )
    .toArray();
  const byKey = new Map(
    found.map((document) => [Buffer.from(document._id.buffer).toString('base64'), document]),
  );
  return entries.filter((entry) => {
    const document = byKey.get(entry.key);
    if (document === undefined) return true;
    const own = afterUnclear && document.receivedAt.getTime() === entry.event.receivedAt.getTime();
    entry.resolve({ status: own ? 'stored' : 'duplicate', position: document.position });
    return false;
  });
}
