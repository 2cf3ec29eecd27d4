import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { type Data, type OpenGraph, openGraph, owner } from './open-graph.ts';
import { derivedOf } from './oracle.ts';
import { someLives, USERS } from './some-lives.ts';

let graph: OpenGraph;
let all: StoredEvent[];
beforeAll(async () => {
  graph = await openGraph();
  all = await graph.append(someLives(200, 11));
});
afterAll(() => graph.close());

const NODES = {
  users: 'userId',
  installations: 'installationId',
  messages: 'messageId userId',
} as const;
const documentOf = (name: string, input: string) => `
  query ($filter: ${input}, $first: Int, $after: String, $last: Int, $before: String) {
    ${name}(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { ${NODES[name as keyof typeof NODES]} } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
const documents: Record<string, string> = {
  users: documentOf('users', 'UserFilter'),
  installations: documentOf('installations', 'InstallationFilter'),
  messages: documentOf('messages', 'MessageFilter'),
};
const idsOf = (edges: { node: Record<string, string> }[]) =>
  edges.map(({ node }) => Object.values(node).join(':'));
/** Returns the expected list, in order, from the oracle. */
const expectedOf = (name: string) =>
  derivedOf(all)
    [name as 'users'].toSorted((a, b) => a.position - b.position)
    .map(({ _id }) => _id);

describe.each(Object.keys(documents))('%s', (name) => {
  const document = documents[name] ?? '';

  test.each(['forward', 'backward'])('page by page %s, with exact bounds', async (direction) => {
    const expected = expectedOf(name);
    expect(expected.length).toBeGreaterThan(3);
    const forward = direction === 'forward';
    const shown: string[] = [];
    for (let cursor: string | null = null, isFirst = true; isFirst || cursor; isFirst = false) {
      const page = forward ? { first: 2, after: cursor } : { last: 2, before: cursor };
      const { edges, pageInfo }: Data = (await graph.read(document, undefined, page))[name];
      shown[forward ? 'push' : 'unshift'](...idsOf(edges));
      const left = expected.length - shown.length;
      const taken = shown.length - edges.length;
      expect([pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual(
        forward ? [left > 0, taken > 0] : [taken > 0, left > 0],
      );
      expect(pageInfo.startCursor).toBe(edges[0].cursor);
      cursor = left === 0 ? null : forward ? pageInfo.endCursor : pageInfo.startCursor;
    }
    expect(shown).toEqual(expected);
  });

  test.each([
    [{ first: 1, last: 1 }, 'BAD_USER_INPUT', 'Give `first` or `last`, not both.'],
    [
      { first: -1 },
      'BAD_USER_INPUT',
      'first: a page holds 0 to 1000 items, not -1 (MAX_PAGE_SIZE).',
    ],
    [
      { last: 100_000 },
      'BAD_USER_INPUT',
      'last: a page holds 0 to 1000 items, not 100000 (MAX_PAGE_SIZE).',
    ],
    [{ after: 'AAAAAABDm7xm2MOpGrE' }, 'CURSOR_INVALID', expect.any(String)],
    [{ before: 'no cursor' }, 'CURSOR_INVALID', expect.any(String)],
  ])('%j is refused', async (page, code, message) => {
    const { errors } = await graph.ask(document, undefined, page);
    expect(errors?.[0]?.originalError).toMatchObject({ code, message });
  });

  test('an empty page and crossing cursors return nothing', async () => {
    const { edges, pageInfo } = (await graph.read(document, undefined, { first: 0 }))[name];
    expect([edges, pageInfo.hasNextPage, pageInfo.endCursor]).toEqual([[], true, null]);
    const first = (await graph.read(document, undefined, { first: 3 }))[name].edges;
    const crossed = { after: first[2].cursor, before: first[0].cursor };
    expect((await graph.read(document, undefined, crossed))[name].edges).toEqual([]);
  });
});

describe('filters', () => {
  type Documents = ReturnType<typeof derivedOf>;
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1_000);
  const range = { from: at(20).toISOString(), until: at(300).toISOString() };
  const within = (date: Date | undefined) => date !== undefined && date >= at(20) && date < at(300);

  const users: [filter: object, matches: (one: Documents['users'][number]) => boolean][] = [
    [{ userIds: ['ana', 'bo', 'nobody'] }, ({ _id }) => ['ana', 'bo'].includes(_id)],
    [{ userIds: [] }, () => false],
    [{ userIds: null, firstSeen: range }, ({ firstSeen }) => within(firstSeen)],
    [{ lastSeen: range }, ({ lastSeen }) => within(lastSeen)],
    [{ lastSeen: { from: range.from, until: range.from } }, () => false],
    [{ firstSeen: { from: '0001-01-01T00:00:00Z', until: '9000-01-01T00:00:00Z' } }, () => true],
  ];
  const installations: [object, (one: Documents['installations'][number]) => boolean][] = [
    [{ osNames: ['ios'] }, ({ osNames }) => osNames?.includes('ios') === true],
    [{ countryCodes: ['fr'] }, ({ countryCodes }) => countryCodes?.includes('fr') === true],
    [{ uninstalled: true }, ({ uninstalledOn }) => uninstalledOn !== undefined],
    [{ uninstalled: false }, ({ uninstalledOn }) => uninstalledOn === undefined],
    [{ osNames: [], uninstalled: true }, () => false],
    [{ lastSeen: range }, ({ lastSeen }) => within(lastSeen)],
  ];
  const messages: [object, (one: Documents['messages'][number]) => boolean][] = [
    [{ userIds: ['$ne', 'a:b'] }, ({ userId }) => ['$ne', 'a:b'].includes(userId)],
    [{ unread: true }, ({ readOn }) => readOn === undefined],
    [
      { unread: false, userIds: ['ana'] },
      ({ readOn, userId }) => readOn !== undefined && userId === 'ana',
    ],
    [
      { unread: true, olderThan: 'PT1H' },
      ({ readOn, sentOn }) => readOn === undefined && sentOn !== undefined,
    ],
    [{ olderThan: 'P3650D' }, () => false],
    [
      { specialities: ['Work', ''] },
      (one) => ['Work', ''].some((each) => one.specialities?.includes(each)),
    ],
    [{ professionalIds: [5] }, ({ professionalIds }) => professionalIds?.includes(5) === true],
    [{ sentOn: range, olderThan: 'PT0S' }, ({ sentOn }) => within(sentOn)],
    [{ professionalIds: [] }, () => false],
  ];
  const cases = Object.entries({ users, installations, messages }).flatMap(([name, list]) =>
    list.map(([filter, matches]) => [name, filter, matches] as const),
  );

  test.each(cases)('%s %j', async (name, filter, matches) => {
    const kept = derivedOf(all)
      [name as 'users'].filter(matches as never)
      .map(({ _id }) => _id);
    const expected = expectedOf(name).filter((id) => kept.includes(id));
    const shown = await graph.read(documents[name] ?? '', undefined, { filter, first: 1_000 });
    expect(idsOf(shown[name].edges)).toEqual(expected);
  });

  test.each([
    [
      'users',
      { lastSeen: { from: range.until, until: range.from } },
      /^filter.lastSeen: `from` lies after/,
    ],
    [
      'users',
      { userIds: Array.from({ length: 10_000 }, (_, n) => String(n)) },
      /^filter.userIds: at most 100 values/,
    ],
    [
      'messages',
      { sentOn: { from: range.until, until: range.from } },
      /^filter.sentOn: `from` lies after/,
    ],
    ['messages', { olderThan: 'P1Y' }, /ISO 8601 duration/],
    ['messages', { olderThan: 'PT' }, /ISO 8601 duration/],
    ['messages', { olderThan: 3_600 }, /ISO 8601 duration/],
    ['installations', { osNames: Array(101).fill('x') }, /^filter.osNames: at most 100 values/],
  ])('%s is refused, %#', async (name, filter, message) => {
    const { errors } = await graph.ask(documents[name] ?? '', undefined, { filter });
    expect(errors?.[0]?.message).toMatch(message);
  });

  test('without the scope another user is FORBIDDEN, and the own user is allowed', async () => {
    for (const name of ['users', 'messages']) {
      for (const userIds of [['bo'], ['ana', 'bo'], ['nobody']]) {
        const { errors } = await graph.ask(documents[name] ?? '', owner('ana'), {
          filter: { userIds },
        });
        expect(errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
      }
      const own = await graph.read(documents[name] ?? '', owner('ana'), {
        filter: { userIds: ['ana'] },
      });
      expect(own[name].edges.length).toBeGreaterThan(0);
    }
    // Fields that are hidden in the user's own events cannot be filtered by either.
    const device = { filter: { osNames: ['ios', 'android'] } };
    expect(
      (await graph.read(documents.installations ?? '', owner('ana'), device)).installations.edges,
    ).toEqual([]);
    expect(USERS).toContain('ana');
  });

  test('nested pages of a user or an installation accept the same filters', async () => {
    const { users } = await graph.read(
      `{ users { edges { node { userId
        unread: messages(filter: { unread: true }) { edges { node { messageId } } }
        others: messages(filter: { userIds: ["bo"] }) { edges { node { messageId } } }
        logins: events(filter: { types: [USER_LOGGED_IN], userIds: ["ana", "bo"] }, last: 2) {
          edges { node { userId type } } pageInfo { hasPreviousPage } }
      } } } }`,
    );
    for (const { node } of users.edges) {
      const own = derivedOf(all).messages.filter(({ userId }) => userId === node.userId);
      expect(node.unread.edges).toHaveLength(own.filter(({ readOn }) => !readOn).length);
      expect(node.others.edges).toHaveLength(node.userId === 'bo' ? own.length : 0);
      const logins = all.filter(
        ({ type, userId }) => type === 'user_logged_in' && userId === node.userId,
      );
      const wanted = ['ana', 'bo'].includes(node.userId) ? logins.length : 0;
      expect(node.logins.edges).toHaveLength(Math.min(2, wanted));
      expect(node.logins.pageInfo.hasPreviousPage).toBe(wanted > 2);
    }
  });
});
