import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { subscribeByWebSocket } from '../../utils/subscribe.ts';

const PAGE = /* GraphQL */ `
  query ($filter: EventFilter, $first: Int, $after: String, $last: Int, $before: String) {
    events(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { cursor userId } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
/** Events 1 to 10 of the log: user-1 to user-10, with alternating types. */
const COUNT = 10;
let server: TestServer;
let cursors: string[];

beforeAll(async () => {
  server = await startTestServer();
  for (let n = 1; n <= COUNT; n++) {
    await server.post(n % 2 === 1 ? 'app_opened' : 'message_sent', { user_id: `user-${n}` });
  }
  const { body } = await server.query(PAGE);
  cursors = body.data.events.edges.map(({ cursor }: { cursor: string }) => cursor);
});
afterAll(() => server.close());

/** Returns the numbers of the events on a page, `hasPreviousPage` and `hasNextPage`. */
async function read(variables: object) {
  const { body } = await server.query(PAGE, variables);
  expect(body.errors).toBeUndefined();
  const { edges, pageInfo } = body.data.events;
  for (const { cursor, node } of edges) expect(cursor).toBe(node.cursor);
  expect(pageInfo.startCursor).toBe(edges.at(0)?.cursor ?? null);
  expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null);
  return [
    edges.map(({ node }: { node: { userId: string } }) => Number(node.userId.slice(5))).join(' '),
    pageInfo.hasPreviousPage,
    pageInfo.hasNextPage,
  ];
}
/** Returns the cursor of event n. */
const at = (n: number) => cursors[n - 1];
const types = ['APP_OPENED'];

interface Arguments {
  first?: number;
  last?: number;
  /** Number of the event whose cursor is passed. */
  after?: number;
  before?: number;
  filter?: object;
}
type Case = [Arguments, events: string, hasPreviousPage: boolean, hasNextPage: boolean];

async function expectPage({ after, before, ...rest }: Arguments, ...page: unknown[]) {
  const bounds = { ...(after && { after: at(after) }), ...(before && { before: at(before) }) };
  expect(await read({ ...rest, ...bounds })).toEqual(page);
}

test('a list returns all events in log order, each with its own cursor', async () => {
  expect(await read({})).toEqual(['1 2 3 4 5 6 7 8 9 10', false, false]);
  expect(new Set(cursors).size).toBe(COUNT);
});

describe('forward', () => {
  test.each<Case>([
    [{ first: 3 }, '1 2 3', false, true],
    [{ first: 10 }, '1 2 3 4 5 6 7 8 9 10', false, false],
    [{ first: 11 }, '1 2 3 4 5 6 7 8 9 10', false, false],
    [{ first: 0 }, '', false, true],
    [{ first: 3, after: 3 }, '4 5 6', true, true],
    [{ first: 3, after: 7 }, '8 9 10', true, false],
    [{ first: 3, after: 10 }, '', true, false],
    [{ after: 8 }, '9 10', true, false],
    [{ first: 2, after: 3, before: 7 }, '4 5', true, true],
    [{ first: 3, after: 3, before: 7 }, '4 5 6', true, true],
    [{ first: 3, before: 3 }, '1 2', false, true],
    [{ before: 1 }, '', false, true],
    [{ first: 3, after: 7, before: 3 }, '', true, true],
    [{ first: 2, filter: { types } }, '1 3', false, true],
    [{ first: 5, filter: { types } }, '1 3 5 7 9', false, false],
    [{ first: 2, after: 7, filter: { types } }, '9', true, false],
    [{ first: 2, after: 1, filter: { userIds: ['user-1', 'user-9'] } }, '9', true, false],
    [{ first: 2, after: 1, filter: { userIds: ['user-8', 'user-9'] } }, '8 9', false, false],
  ])('%j', expectPage);
});

describe('backward', () => {
  test.each<Case>([
    [{ last: 3 }, '8 9 10', true, false],
    [{ last: 10 }, '1 2 3 4 5 6 7 8 9 10', false, false],
    [{ last: 0 }, '', true, false],
    [{ last: 3, before: 8 }, '5 6 7', true, true],
    [{ last: 3, before: 4 }, '1 2 3', false, true],
    [{ last: 3, before: 1 }, '', false, true],
    [{ last: 2, after: 3, before: 7 }, '5 6', true, true],
    [{ last: 3, after: 3, before: 7 }, '4 5 6', true, true],
    [{ last: 3, after: 8 }, '9 10', true, false],
    [{ last: 2, filter: { types } }, '7 9', true, false],
    [{ last: 2, before: 9, filter: { types } }, '5 7', true, true],
    [{ last: 9, before: 10, filter: { types } }, '1 3 5 7 9', false, false],
  ])('%j', expectPage);
});

test('a cursor is the same from a page, an event and a subscription', async () => {
  const subscriber = subscribeByWebSocket({
    url: server.url,
    query: 'subscription ($after: String) { events(after: $after) { cursor } }',
    variables: { after: at(1) },
    token: await server.token(),
  });
  const events = await subscriber.until(COUNT - 1);
  expect(events.map(({ cursor }) => cursor)).toEqual(cursors.slice(1));
  await subscriber.close();
});

describe('is refused with BAD_USER_INPUT', () => {
  test.each([
    [{ first: 1, last: 1 }, 'Give `first` or `last`, not both.'],
    [{ first: -1 }, 'first: a page holds 0 to 1000 items, not -1 (MAX_PAGE_SIZE).'],
    [{ last: -1 }, 'last: a page holds 0 to 1000 items, not -1 (MAX_PAGE_SIZE).'],
    [{ first: 1001 }, 'first: a page holds 0 to 1000 items, not 1001 (MAX_PAGE_SIZE).'],
    [{ last: 2_147_483_647 }, expect.stringMatching(/^The operation has a complexity of \d+;/)],
  ])('%j', async (variables, message) => {
    const { body } = await server.query(PAGE, variables);
    expect(body.errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
