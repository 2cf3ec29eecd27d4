import mongoose from 'mongoose';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { createFeed } from '../../src/feed/feed.ts';
import type { Filter } from '../../src/log/read/filter.ts';
import { limitConcurrentReads } from '../../src/log/read/limit-concurrent-reads.ts';
import { createLogReader } from '../../src/log/read/log-reader.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { toCollections } from '../../src/storage/models.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { holdTimers } from '../auth/hold-long-timers.ts';
import { someEvents } from '../log/some-events.ts';
import { freshDatabase } from '../utils/database.ts';
import { upTo } from './open-feed.ts';

const LENGTH = 1_500;
const PAGE = 125;
/** How long the cache keeps a page, in milliseconds. */
const KEPT_MS = 1_000;

const stored = someEvents(LENGTH, 7).map((event, index) => ({ ...event, position: index + 1 }));
let uri: string;
beforeAll(async () => {
  uri = (await freshDatabase()).uri;
  const opened = await openStorage(uri);
  await opened.collections.events.insertMany(
    stored.map((event) => toDocument(event, event.position)),
  );
  await opened.close();
});

/** Opens a feed on that log, composed as in the server, and counts its database reads. */
async function openCounted() {
  const client = new mongoose.mongo.MongoClient(uri, { monitorCommands: true });
  onTestFinished(() => client.close());
  const collections = toCollections(client, client.db());
  const logState = await createLogState(collections);
  const reader = limitConcurrentReads(createLogReader(collections.events, logState), 8);
  let commands = 0;
  client.on('commandStarted', () => {
    commands += 1;
  });
  const expired = () => new Error('nothing was removed');
  const feed = createFeed({ reader, head: () => LENGTH, expired, pageSize: PAGE });
  return { feed, commands: () => commands };
}

type Counted = Awaited<ReturnType<typeof openCounted>>;

/** Reads to the end of the log, with a sink or one by one. */
async function readAll(
  { feed }: Counted,
  { filter = {}, after, pipes }: { filter?: Filter; after: number; pipes: boolean },
): Promise<void> {
  const wanted = stored.filter(
    ({ position, type }) => position > after && (filter.types?.includes(type) ?? true),
  );
  const events = feed.subscribe(filter, after);
  const positions: number[] = [];
  const take = ({ position }: { position: number }) => {
    positions.push(position);
    if (positions.length === wanted.length) void events.return();
  };
  if (pipes) {
    events.pipe((event) => {
      take(event);
      return 'taken';
    });
  }
  for await (const event of events) take(event);
  expect(positions).toEqual(wanted.map(({ position }) => position));
}

test.each([
  ['everything', {}],
  ['a filter', { types: ['message_sent', 'app_opened'] }],
])(
  'a thousand readers who resume at similar positions cost less than five single ones, with %s',
  async (_, filter) => {
    // Pages stay cached for the whole test, so that the count does not depend on the machine's
    // speed.
    holdTimers((delayMs) => delayMs === KEPT_MS);
    const alone = await openCounted();
    await readAll(alone, { filter, after: 262, pipes: true });
    const together = await openCounted();
    const readers = upTo(1_000).map((reader) => ({
      filter,
      after: 250 + ((reader * 7) % 60),
      pipes: reader % 10 > 0,
    }));
    await Promise.all(readers.map((reader) => readAll(together, reader)));
    expect(alone.commands()).toBeGreaterThan(2);
    expect(together.commands()).toBeLessThan(5 * alone.commands());
  },
);

test('another filter, or the same with other values, is read separately', async () => {
  const counted = await openCounted();
  const filters: Filter[] = [
    {},
    { types: ['message_sent'] },
    { types: ['message_read'] },
    { types: ['message_sent', 'message_read'] },
  ];
  await Promise.all(
    filters.flatMap((filter) =>
      [0, 1, 31, 32, 124, 125, 126, 1_400].map((after) =>
        readAll(counted, { filter, after, pipes: after % 2 > 0 }),
      ),
    ),
  );
});

test('a reader that leaves during a read does not cancel it for others', async () => {
  const counted = await openCounted();
  const leaving = upTo(20).map(() => counted.feed.subscribe({}, 10));
  const asked = leaving.map((events) => events.next());
  const staying = readAll(counted, { after: 10, pipes: true });
  await Promise.all(leaving.map((events) => events.return?.()));
  for (const { done } of await Promise.all(asked)) expect(done).toBe(true);
  await staying;
});
