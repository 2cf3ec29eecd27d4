import { expect, onTestFinished, test } from 'vitest';
import { createPageCache } from '../../src/feed/page-cache.ts';
import { createLogReader } from '../../src/log/read/log-reader.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { someEvents } from '../log/some-events.ts';
import { freshDatabase } from '../utils/database.ts';

test('a read at the end of the log does not hide the next event from later reads', async () => {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  onTestFinished(close);
  const events = someEvents(2, 7);
  await collections.events.insertMany(events.map((event, index) => toDocument(event, index + 1)));
  const logState = await createLogState(collections);
  const pages = createPageCache(createLogReader(collections.events, logState));
  const { signal } = new AbortController();
  const read = async (upTo: number) => {
    const options = { filter: {}, limit: 20, maxBytes: 100_000, signal, isFirst: false };
    const page = await pages.read({ after: 1, upTo }, options);
    return page?.events.map(({ position }) => position);
  };
  expect(await read(1)).toEqual([]);
  expect(await read(2)).toEqual([2]);
});
