import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import type { EventLog } from '../../src/server/create-event-log.ts';
import { createPerson, eventAbout, someTypes, tracesOf } from '../erasure/someone.ts';
import { placesOf } from '../erasure/stored-bytes.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';
import { derivedOf } from './oracle.ts';
import { INSTALLATIONS, MESSAGES, someLives, USERS } from './some-lives.ts';
import { storedDocuments } from './stored-documents.ts';

const ERASED = 'a:b';

async function openFolded(events = someLives(150, 5)) {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri, { erasureAnnounceMs: 20 });
  await Promise.all(events.map((event) => log.appender.append(event, 100)));
  await log.tailer.catchUp();
  const pages = createProjectionBatches(log);
  const foldAll = async () => {
    while ((await pages.applyNext(100)) < log.tailer.head());
  };
  return { uri, log, pages, foldAll };
}

async function expectExact(log: EventLog): Promise<void> {
  const upTo = await log.tailer.catchUp();
  const { events } = await log.reader.read({ after: 0, upTo }, { limit: 10_000 });
  expect(await storedDocuments(log.collections)).toEqual(derivedOf(events));
}

test('after an erasure the documents match the log, and hold nothing of the user', async () => {
  const { uri, log, foldAll } = await openFolded();
  await foldAll();
  await log.eraser.erase(ERASED);
  await expectExact(log);
  // The user's id is in no other document: ids of shared installations and messages stay.
  expect(await placesOf(uri, [`:${ERASED}`])).toEqual([]);
  const { users } = await storedDocuments(log.collections);
  expect(users.map(({ _id }) => _id)).not.toContain(ERASED);
  expect(users).toHaveLength(USERS.length);
  expect(await placesOf(uri, [...INSTALLATIONS.slice(0, 1), MESSAGES[0] ?? ''])).not.toEqual([]);
});

test('documents are exact if an erasure happens while they are built', async () => {
  const { log, pages, foldAll } = await openFolded();
  await pages.applyNext(70);
  await log.eraser.erase(ERASED);
  await foldAll();
  await expectExact(log);
});

test('documents are exact after an erasure stopped at any step and run again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 9 }), async (step) => {
      const { log, foldAll } = await openFolded(someLives(60, step));
      await foldAll();
      const stop = new AbortController();
      let steps = 0;
      const onProgress = () => {
        steps += 1;
        if (steps > step) stop.abort();
      };
      await log.eraser.erase(ERASED, { onProgress, signal: stop.signal }).catch((error) => {
        expect(error.name).toBe('AbortError');
      });
      await log.eraser.erase(ERASED);
      await expectExact(log);
    }),
    { numRuns: 5 },
  );
});

test('a page read before an erasure is not applied after it', async () => {
  const { log, pages, foldAll } = await openFolded();
  const { collections, reader } = log;
  // The erasure happens between the read of a page and its write.
  let erased: Promise<unknown> | undefined;
  const slow = createProjectionBatches({
    ...log,
    reader: {
      ...reader,
      async read(...parameters) {
        const page = await reader.read(...parameters);
        erased ??= log.eraser.erase(ERASED);
        await erased;
        return page;
      },
    },
  });
  expect(await slow.applyNext(1_000)).toBe(0);
  expect(await collections.users.countDocuments({ _id: ERASED })).toBe(0);
  expect(await pages.applyNext(10)).toBe(10);
  await foldAll();
  await expectExact(log);
});

test('a page whose write overlaps an erasure is repaired', async () => {
  // Events of no other user are in between, or the database itself would refuse the page.
  const [ada, bob] = [createPerson(), createPerson()];
  const events = [ada, bob].flatMap((one) => someTypes.map((type) => eventAbout(one, type)));
  const { uri, log } = await openFolded(events);
  const { users } = log.collections;
  let erased: Promise<unknown> | undefined;
  const late = Object.create(users, {
    bulkWrite: {
      async value(...parameters: Parameters<typeof users.bulkWrite>) {
        erased ??= log.eraser.erase(ada.id);
        await erased;
        return users.bulkWrite(...parameters);
      },
    },
  });
  const slow = createProjectionBatches(
    { ...log, collections: { ...log.collections, users: late } },
    0,
  );
  expect(await slow.applyNext(100)).toBe(events.length);
  await expectExact(log);
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});
