import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Filter } from '../../src/log/read/filter.ts';
import { createLogReader } from '../../src/log/read/log-reader.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { toDocument } from '../../src/storage/event-document.ts';
import { type OpenedStorage, openStorage } from '../../src/storage/open-storage.ts';
import { someEvents } from '../log/some-events.ts';
import { stagesOf, watchFinds } from '../log/watch-finds.ts';
import { freshDatabase } from '../utils/database.ts';

const LENGTH = 600;
const PAGE = 10;

let opened: OpenedStorage;
/** The first key of each index `{key, position}`, and of the index on positions alone. */
let served: string[];
beforeAll(async () => {
  opened = await openStorage((await freshDatabase()).uri);
  const { events } = opened.collections;
  await events.insertMany(
    someEvents(LENGTH, 3).map((event, index) => toDocument(event, index + 1)),
  );
  const indexes = await events.indexes();
  served = indexes
    .map(({ key }) => Object.keys(key))
    .filter((keys) => keys.at(-1) === 'position' && keys.length <= 2)
    .map(([first]) => first ?? '');
});
afterAll(() => opened.close());

const pages: [name: string, filter: Filter, index: string][] = [
  ['everything', {}, 'position'],
  ['a user', { userIds: ['1'] }, 'userId'],
  ['users', { userIds: ['1', '2'] }, 'userId'],
  ['an installation', { installationIds: ['aaaaaaaa'] }, 'installationId'],
  ['a type', { types: ['message_sent'] }, 'type'],
  ['types', { types: ['message_sent', 'app_opened'] }, 'type'],
  ["a user's type", { userIds: ['1'], types: ['app_opened'] }, 'userId'],
  ['a professional', { professionalIds: [5] }, 'payload.professional_id'],
  ['professionals', { professionalIds: [5, 7] }, 'payload.professional_id'],
  [
    "a professional's messages sent",
    { professionalIds: [5], types: ['message_sent'] },
    'payload.professional_id',
  ],
  ["a user's speciality", { userIds: ['1'], specialities: ['work'] }, 'userId'],
  ['a speciality', { specialities: ['work'] }, 'type'],
  ['a plan', { statuses: ['FREE'] }, 'type'],
  ['a plan, by its changes', { statuses: ['FREE'], types: ['user_status_changed'] }, 'type'],
  ['a span of time', { occurredOn: { from: new Date(0) } }, 'occurredOn'],
];

/** Returns the queries that a page sends. */
async function queriesOf(filter: Filter, direction: 'forward' | 'backward') {
  const { watched, sent } = watchFinds(opened.collections.events);
  const reader = createLogReader(watched, await createLogState(opened.collections));
  await reader.read({ after: 0, upTo: LENGTH }, { filter, limit: PAGE, direction });
  return sent;
}

describe.each(['forward', 'backward'] as const)('%s', (direction) => {
  test.each(pages)('a page of %s', async (_, filter, index) => {
    const sent = await queriesOf(filter, direction);
    expect(sent.length).toBeGreaterThan(0);
    for (const { query, options } of sent) {
      // Bounded on both sides, so the index range is limited whatever the server does with the
      // limit.
      const { position, ...rest } = query;
      expect(Object.keys(position as object).sort()).toEqual(['$gt', '$lte']);
      expect(options).toMatchObject({ sort: { position: direction === 'forward' ? 1 : -1 } });
      expect(options.limit).toBeLessThanOrEqual(PAGE);
      expect(Object.keys(rest)[0] ?? 'position').toBe(index);
      // A query without a suitable index scans positions, window by window.
      if (index !== 'occurredOn') expect(served).toContain(index);

      const stages = await stagesOf(opened.collections.events, { query, options });
      if (stages === undefined) continue;
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
    }
  });
});
