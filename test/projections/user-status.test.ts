import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeLimits } from '../../src/config/limits.ts';
import { readDocuments } from '../../src/projections/read-documents.ts';
import {
  installationsQuery,
  messagesQuery,
  usersQuery,
} from '../../src/schema/inputs/list-filters.ts';
import { isOneOf } from '../../src/storage/is-one-of.ts';
import type { Collection } from '../../src/storage/models.ts';
import { type OpenedStorage, openStorage } from '../../src/storage/open-storage.ts';
import type { ProjectionDocument } from '../../src/storage/projection-documents.ts';
import { stagesOf, watchFinds } from '../log/watch-finds.ts';
import { freshDatabase } from '../utils/database.ts';
import { owner, reader } from './open-graph.ts';

const LENGTH = 5_000;
const PAGE = 10;
const span = { after: 0, upTo: LENGTH };
const limits = completeLimits();

type Name = 'users' | 'installations' | 'userInstallations' | 'messages';
const names: readonly Name[] = ['users', 'installations', 'userInstallations', 'messages'];

let opened: OpenedStorage;
beforeAll(async () => {
  opened = await openStorage((await freshDatabase()).uri);
  for (const name of names) {
    const documents = Array.from({ length: LENGTH / 10 }, (_, n) => ({
      ...{ _id: `id-${n}`, position: n * 10 + 1, lastPosition: LENGTH, userId: `user-${n % 40}` },
      ...{ installationId: `on-${n % 40}`, firstSeen: new Date(n), lastSeen: new Date(n) },
      ...(n % 9 > 0 && { readOn: new Date(n) }),
    }));
    await collectionOf(name).insertMany(documents as never);
  }
});
afterAll(() => opened.close());

const collectionOf = (name: Name) =>
  opened.collections[name] as unknown as Collection<ProjectionDocument & { _id: string }>;

/** Lists with the field whose index serves each of them. */
const lists: [what: string, name: Name, query: Record<string, unknown>, index: string][] = [
  ['users', 'users', usersQuery(undefined, reader, limits), 'position'],
  ['some users', 'users', usersQuery({ userIds: ['a', 'b'] }, reader, limits), '_id'],
  ['users by plan', 'users', usersQuery({ statuses: ['FREE'] }, reader, limits), 'status'],
  [
    'some users by plan',
    'users',
    usersQuery({ userIds: ['a'], statuses: ['FREE', 'PREMIUM'] }, reader, limits),
    '_id',
  ],
  ['the own user', 'users', usersQuery(undefined, owner('a'), limits), '_id'],
  ['installations', 'installations', installationsQuery(undefined, limits), 'position'],
  ['those of a user', 'userInstallations', { userId: isOneOf(['user-1']) }, 'userId'],
  [
    'users on some',
    'userInstallations',
    { installationId: isOneOf(['on-1', 'on-2']) },
    'installationId',
  ],
  ['messages', 'messages', messagesQuery(undefined, reader, limits), 'position'],
  ['unread messages', 'messages', messagesQuery({ unread: true }, reader, limits), 'readOn'],
  [
    'unread and old ones',
    'messages',
    messagesQuery({ unread: true, olderThan: 1 }, reader, limits),
    'readOn',
  ],
  [
    "a user's messages",
    'messages',
    messagesQuery({ userIds: ['user-1'] }, reader, limits),
    'userId',
  ],
  [
    "the own user's unread ones",
    'messages',
    messagesQuery({ unread: true }, owner('user-1'), limits),
    'userId',
  ],
];

describe.each(['forward', 'backward'] as const)('%s', (direction) => {
  test.each(lists)('a page of %s', async (_, name, query, index) => {
    const { watched, sent } = watchFinds(collectionOf(name));
    await readDocuments(watched, { query, span, limit: PAGE, direction, removedUpTo: 0 });
    expect(sent.length).toBeGreaterThan(0);
    const served = (await collectionOf(name).indexes()).map(({ key }) => Object.keys(key));
    for (const find of sent) {
      const { position, ...rest } = find.query;
      expect(Object.keys(position as object).sort()).toEqual(['$gt', '$lte']);
      expect(find.options).toMatchObject({ sort: { position: direction === 'forward' ? 1 : -1 } });
      expect(find.options.limit).toBeLessThanOrEqual(PAGE);
      expect(Object.keys(rest)[0] ?? 'position').toBe(index);
      // A query by ids returns at most that many documents, so a sort is cheap.
      if (index === '_id') continue;
      expect(served).toContainEqual(index === 'position' ? ['position'] : [index, 'position']);
      const stages = await stagesOf(collectionOf(name), find);
      if (stages === undefined) continue;
      expect(stages).toContain('IXSCAN');
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
    }
  });
});
