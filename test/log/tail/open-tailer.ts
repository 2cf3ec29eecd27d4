import mongoose from 'mongoose';
import { expect, onTestFinished } from 'vitest';
import type { StoredEvent } from '../../../src/catalog/event.ts';
import { insertBatch } from '../../../src/log/append/insert-batch.ts';
import { createLogReader } from '../../../src/log/read/log-reader.ts';
import { createLogState, type LogState } from '../../../src/log/state/log-state.ts';
import { createLogTailer } from '../../../src/log/tail/log-tailer.ts';
import type { EventDocument } from '../../../src/storage/documents.ts';
import type { Collection } from '../../../src/storage/models.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';

/** So rarely that a test ends before. */
const NO_POLL_MS = 2 ** 30;
/** Returns the positions 1 to `count`. */
export const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
/** Returns new events at the positions `first` to `last`. */
export const eventsOf = (first: number, last: number): StoredEvent[] =>
  upTo(last - first + 1).map((number) => ({ ...newEvent(), position: first - 1 + number }));

/** A new log's collection, and a function that writes to it directly. */
export async function newLog() {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const { events } = collections;
  const logState = await createLogState(collections);
  const write = async (some: readonly StoredEvent[]) => {
    const outcome = await insertBatch(events, some, some[0]?.position ?? 0);
    expect(outcome.kind).toBe('all');
  };
  return { uri, collection: events, logState, write };
}

/**
 * Creates a tailer that only learns of events from notifications and the change stream, unless
 * polling is on.
 */
export async function follow(
  collection: Collection<EventDocument>,
  logState: LogState,
  pollMs = NO_POLL_MS,
) {
  const published: number[] = [];
  const waiters = new Map<number, () => void>();
  const tailer = await createLogTailer({
    collection,
    logState,
    reader: createLogReader(collection, logState),
    pollMs,
    onEvent({ position }) {
      published.push(position);
      waiters.get(position)?.();
    },
  });
  onTestFinished(() => tailer.close());
  const until = (position: number) =>
    new Promise<void>((resolve) => {
      if (tailer.head() >= position) resolve();
      else waiters.set(position, resolve);
    });
  return { tailer, published, until };
}

/** A separate client through a proxy, whose change streams can be observed and lost. */
export async function watchedCollection(uri: string) {
  const client = new mongoose.mongo.MongoClient(uri, {
    // As in the log's own client: after this time the driver gives up a lost stream.
    serverSelectionTimeoutMS: 2_500,
    monitorCommands: true,
  });
  onTestFinished(() => client.close());
  return {
    client,
    collection: client.db().collection<EventDocument>('events'),
    /** Resolves to the change stream's cursor at its next getMore. */
    listening: () =>
      new Promise<unknown>((resolve) => {
        client.on('commandStarted', ({ commandName, command }) => {
          if (commandName === 'getMore') resolve(command.getMore);
        });
      }),
  };
}
