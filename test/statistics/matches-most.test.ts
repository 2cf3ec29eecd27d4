import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Filter } from '../../src/log/read/filter.ts';
import { toQuery } from '../../src/log/read/filter.ts';
import { matchesMost } from '../../src/statistics/matches-most.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { type OpenedStorage, openStorage } from '../../src/storage/open-storage.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';

const LENGTH = 400;
const span = { after: 0, upTo: LENGTH };

let opened: OpenedStorage;
beforeAll(async () => {
  opened = await openStorage((await freshDatabase()).uri);
  // Of every ten events: five sent, three read, two opened.
  const typeAt = (n: number) =>
    n % 10 < 5 ? 'message_sent' : n % 10 < 8 ? 'message_read' : 'app_opened';
  await opened.collections.events.insertMany(
    Array.from({ length: LENGTH }, (_, n) => toDocument({ ...newEvent(), type: typeAt(n) }, n + 1)),
  );
});
afterAll(() => opened.close());

test.each<[boolean, Filter]>([
  [true, {}],
  [true, { types: ['message_sent', 'message_read'] }],
  [true, { types: ['message_sent'] }],
  [true, { specialities: ['work'] }],
  [true, { occurredOn: { from: new Date(0) } }],
  [false, { types: ['message_read'] }],
  [false, { types: ['user_logged_in'] }],
  [false, { types: [] }],
  [false, { userIds: ['1'] }],
  [false, { types: ['message_sent'], installationIds: ['a'] }],
  [false, { types: ['message_sent'], professionalIds: [5] }],
])('%s for %j', async (isMost, filter) => {
  const { events } = opened.collections;
  expect(await matchesMost(events, { ...toQuery(filter), position: {} }, [span])).toBe(isMost);
});

test('the sample is spread over the queried span', async () => {
  const { events } = opened.collections;
  const match = { type: 'app_opened', position: {} };
  expect(await matchesMost(events, match, [{ after: 8, upTo: 10 }])).toBe(true);
  expect(await matchesMost(events, match, [{ after: 0, upTo: 8 }])).toBe(false);
  // The positions in between have no event.
  const parts = [
    { after: 8, upTo: 10 },
    { after: 18, upTo: 20 },
  ];
  expect(await matchesMost(events, match, parts)).toBe(true);
});
