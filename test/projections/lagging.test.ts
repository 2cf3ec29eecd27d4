import { expect, onTestFinished, test } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import type { Log } from '../../src/log/log.ts';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import { createProjectionRunner } from '../../src/projections/projection-runner.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';
import { openViews } from './open-projections.ts';
import { derivedOf } from './oracle.ts';
import { someLives } from './some-lives.ts';
import { storedDocuments } from './stored-documents.ts';

/** Appends events of several users, and returns all events of the log in order. */
async function appendLives(log: Log, count: number): Promise<StoredEvent[]> {
  await Promise.all(someLives(count, 9).map((event) => log.appender.append(event, 100)));
  const upTo = await log.tailer.catchUp();
  return (await log.reader.read({ after: 0, upTo }, { limit: 10_000 })).events;
}

/** The same log, in which the pages of the background task cannot be read. */
function withFailingBackground(log: Log): Log {
  const read: Log['reader']['read'] = (span, options) =>
    options.filter
      ? log.reader.read(span, options)
      : Promise.reject(new Error('this page cannot be read'));
  return { ...log, reader: { ...log.reader, read } };
}

/** The same log, in which the first look at the checkpoint takes as long as `meanwhile`. */
function withSlowLook(log: Log, meanwhile: () => Promise<void>): Log {
  const { views } = log.collections;
  let looks = 0;
  const slow = new Proxy(views, {
    get: (target, name) =>
      name !== 'findOne'
        ? Reflect.get(target, name)
        : async (...args: Parameters<typeof views.findOne>) => {
            const found = await target.findOne(...args);
            // With a session it is part of a transaction.
            if (args[1]?.session === undefined && ++looks === 1) await meanwhile();
            return found;
          },
  });
  return { ...log, collections: { ...log.collections, views: slow } };
}

test('the lists of one user are complete while the projections cannot make progress', async () => {
  const { log } = await openLog(await emptyDatabase());
  const events = await appendLives(log, 200);
  const failing = withFailingBackground(log);
  const views = openViews(failing);
  await expect(views.caughtUp()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(views.lag().positions).toBe(events.length);

  const expected = derivedOf(events);
  const span = { after: 0, upTo: log.tailer.head() };
  const request = { query: {}, span, limit: 1_000, direction: 'forward' } as const;
  const keys = [...new Set(events.flatMap(({ userId }) => userId ?? []))];
  for (const name of ['userInstallations', 'messages'] as const) {
    const documents = expected[name] as { _id: string; userId: string; position: number }[];
    for (const key of keys) {
      const found = await views.lists(name, { ...request, key: 'userId', keys: [key] });
      const ids = found.get(key)?.items.map(({ _id }) => _id);
      const own = documents.filter(({ userId }) => userId === key);
      own.sort((one, other) => one.position - other.position);
      expect(ids).toEqual(own.map(({ _id }) => _id));
    }
  }
  // The checkpoint stays, and the background task applies the same events again.
  expect(await createProjectionBatches(log).readCheckpoint()).toBe(0);
  const later = createProjectionRunner({ log });
  onTestFinished(later.close);
  await later.caughtUp();
  expect(await storedDocuments(log.collections)).toEqual(expected);
  expect(later.lag()).toEqual({ positions: 0, ms: 0 });
});

test('events that were read before an erasure are not applied after it', async () => {
  const { log } = await openLog(await emptyDatabase(), { erasureAnnounceMs: 0 });
  const events = await appendLives(log, 60);
  const userId = events.find((event) => event.userId !== null)?.userId ?? '';
  let reads = 0;
  const read: Log['reader']['read'] = async (span, options) => {
    const page = await log.reader.read(span, options);
    reads += 1;
    if (reads === 1) {
      expect(page.events).not.toEqual([]);
      await log.eraser.erase(userId);
    }
    return page;
  };
  const batches = createProjectionBatches({ ...log, reader: { ...log.reader, read } });
  await batches.applyAhead({ userIds: [userId] }, 0);
  // The first page is discarded and read again.
  expect(reads).toBe(2);
  expect(JSON.stringify(await storedDocuments(log.collections))).not.toContain(userId);
});

test('a reader that looked before the background task does not set it back', async () => {
  const { log } = await openLog(await emptyDatabase());
  const events = await appendLives(log, 20);
  const runner = createProjectionRunner({ log: withSlowLook(log, () => runner.caughtUp()) });
  onTestFinished(runner.close);
  await runner.appliedFor({ userIds: [events[0]?.userId ?? 'u'] });
  expect(runner.lag().positions).toBe(0);
});

test('projections without their checkpoint are built again', async () => {
  const { log } = await openLog(await emptyDatabase());
  await appendLives(log, 20);
  const views = openViews(log);
  await views.caughtUp();
  await log.collections.views.deleteOne({ _id: 'views' });
  const events = await appendLives(log, 40);
  await views.caughtUp();
  expect(await storedDocuments(log.collections)).toEqual(derivedOf(events));
  expect(await createProjectionBatches(log).readCheckpoint()).toBe(log.tailer.head());
});
