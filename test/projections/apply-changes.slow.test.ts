import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent, StoredEvent } from '../../src/catalog/event.ts';
import type { Log } from '../../src/log/log.ts';
import { applyChanges } from '../../src/projections/apply-changes.ts';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import { createProjectionRunner } from '../../src/projections/projection-runner.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';
import { PATIENCE_MS } from '../utils/patience.ts';
import { derivedOf } from './oracle.ts';
import { someLives } from './some-lives.ts';
import { storedDocuments } from './stored-documents.ts';

async function append(log: Log, events: readonly NewEvent[]): Promise<StoredEvent[]> {
  await Promise.all(events.map((event) => log.appender.append(event, 100)));
  const upTo = await log.tailer.catchUp();
  return (await log.reader.read({ after: 0, upTo }, { limit: 10_000 })).events;
}

test('the documents match the events, in pages of any size, with two concurrent processes', async () => {
  const uri = await emptyDatabase();
  const [{ log }, { log: other }] = [await openLog(uri), await openLog(uri)];
  const events = await append(log, someLives(300, 1));
  const expected = derivedOf(events);
  expect(expected.messages.length).toBeGreaterThan(20);
  await other.tailer.catchUp();

  const foldAll = async (log: Log, size: number) => {
    const pages = createProjectionBatches(log);
    while ((await pages.applyNext(size)) < events.length);
  };
  await Promise.all([foldAll(log, 37), foldAll(other, 50)]);
  expect(await storedDocuments(log.collections)).toEqual(expected);
});

test('the slower process discards its page, and takes over when the other stops', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const events = await append(log, someLives(120, 6));
  const other = createProjectionBatches(log);
  let reads = 0;
  const reader: Log['reader'] = {
    ...log.reader,
    async read(span, options) {
      const page = await log.reader.read(span, options);
      reads += 1;
      // Once: the other process dies after its page.
      if (reads === 1) await other.applyNext(70);
      return page;
    },
  };
  const slower = createProjectionBatches({ ...log, reader });
  expect(await slower.applyNext(50)).toBe(70);
  expect([slower.wasDiscarded(), other.wasDiscarded()]).toEqual([true, false]);
  expect(await slower.applyNext(10)).toBe(80);
  expect(slower.wasDiscarded()).toBe(false);

  reads = 0;
  const folder = createProjectionRunner({ log: { ...log, reader }, timeoutMs: PATIENCE_MS });
  await folder.caughtUp();
  expect(reads).toBeGreaterThan(0);
  expect(await storedDocuments(log.collections)).toEqual(derivedOf(events));
  await folder.close();
});

test('applying the changes again, in any order and in parts, gives the same documents', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const { collections } = log;
  const events = await append(log, someLives(60, 2));
  const expected = derivedOf(events);
  const anyParts = fc
    .shuffledSubarray(events, { minLength: events.length })
    .chain((shuffled) => fc.tuple(fc.constant(shuffled), fc.integer({ min: 1, max: 60 })));
  await fc.assert(
    fc.asyncProperty(anyParts, async ([shuffled, size]) => {
      for (let start = 0; start < shuffled.length; start += size) {
        const part = shuffled.slice(start, start + size);
        await collections.transaction((session) => applyChanges(log, part, session));
      }
      expect(await storedDocuments(collections)).toEqual(expected);
    }),
    { numRuns: 5 },
  );
});

test('a reader waits for earlier events, and gets an error after the timeout', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const folder = createProjectionRunner({ log, timeoutMs: PATIENCE_MS });
  const events = await append(log, someLives(50, 3));
  await folder.caughtUp();
  expect((await storedDocuments(log.collections)).users).toEqual(derivedOf(events).users);
  await folder.close();

  const slow = createProjectionRunner({ log, timeoutMs: 0 });
  await append(log, someLives(60, 4));
  await expect(slow.caughtUp()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringMatching(
      /^The lists are being built: they have come to position \d+ of 110\./,
    ),
  });
  await slow.close();
});

test('a page interrupted in the middle leaves no partial change', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const events = await append(log, someLives(40, 5));
  const { messages } = log.collections;
  const breaking = Object.create(messages, {
    bulkWrite: { value: () => Promise.reject(new Error('the process is gone')) },
  });
  const broken = createProjectionBatches({
    ...log,
    collections: { ...log.collections, messages: breaking },
  });
  await expect(broken.applyNext(1_000)).rejects.toThrow('the process is gone');
  const pages = createProjectionBatches(log);
  expect(await pages.readCheckpoint()).toBe(0);
  expect((await storedDocuments(log.collections)).users).toEqual([]);
  expect(await pages.applyNext(1_000)).toBe(events.length);
  expect(await storedDocuments(log.collections)).toEqual(derivedOf(events));
});
