import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../utils/database.ts';
import { openStoredData } from '../utils/open-stored-data.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: EventFilter) {
  events(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    reached
    edges { cursor }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}`;
let server: TestServer;
/** Cursors of the positions 1 to 8; the first three events have been removed. */
let cursors: string[];
let ids: string[];

beforeAll(async () => {
  const { uri: mongodbUri } = await freshDatabase();
  const before = await startTestServer({ mongodbUri });
  ids = [];
  for (let count = 0; count < 8; count += 1) {
    ids.push((await before.post('message_sent')).body.id);
  }
  const { body } = await before.query('{ events { edges { cursor } } }');
  cursors = body.data.events.edges.map(({ cursor }: { cursor: string }) => cursor);
  await before.close();
  const storedData = await openStoredData(mongodbUri);
  await storedData.collection('meta').insertOne({ _id: 'bounds' as never, removedUpTo: 3 });
  await storedData.close();
  server = await startTestServer({ mongodbUri });
});
afterAll(() => server.close());

const page = async (variables: object) => {
  const { body } = await server.query(PAGE, variables);
  const { edges, pageInfo, reached } = body.data.events;
  const numberOf = (cursor: string) => cursors.indexOf(cursor) + 1;
  return {
    positions: edges.map(({ cursor }: { cursor: string }) => numberOf(cursor)),
    next: pageInfo.hasNextPage,
    previous: pageInfo.hasPreviousPage,
    reached: numberOf(reached),
  };
};

test.each([
  ['from the start', { first: 3 }, [4, 5, 6], true, false, 6],
  ['the whole of it', {}, [4, 5, 6, 7, 8], false, false, 8],
  ['from the end', { last: 5 }, [4, 5, 6, 7, 8], false, false, 8],
  ['more than there are', { last: 50 }, [4, 5, 6, 7, 8], false, false, 8],
  ['a part of the end', { last: 2 }, [7, 8], false, true, 8],
])('a page %s holds what is kept, and nothing else', async (_, variables, ...expected) => {
  const { positions, next, previous, reached } = await page(variables);
  expect([positions, next, previous, reached]).toEqual(expected);
});

test('a page behind the watermark starts at the first kept event', async () => {
  expect(await page({ after: cursors[2], first: 2 })).toEqual({
    positions: [4, 5],
    next: true,
    previous: false,
    reached: 5,
  });
  expect(await page({ before: cursors[4], last: 9 })).toMatchObject({
    positions: [4],
    next: true,
    previous: false,
  });
});

test('a page without matches says how far it has searched', async () => {
  const filter = { types: ['APP_OPENED'] };
  const { positions, reached } = await page({ filter, after: cursors[4] });
  expect([positions, reached]).toEqual([[], 8]);
});

test.each([
  ['after', { after: 1 }],
  ['before', { before: 2 }],
])('a removed cursor as %s is refused with the oldest valid one', async (_, places: object) => {
  const variables = Object.fromEntries(
    Object.entries(places).map(([name, position]) => [name, cursors[position - 1]]),
  );
  const { body } = await server.query(PAGE, variables);
  expect(body.errors).toMatchObject([
    { extensions: { code: 'CURSOR_EXPIRED', oldestCursor: cursors[2] } },
  ]);
  expect((await page({ after: body.errors[0].extensions.oldestCursor })).positions).toHaveLength(5);
});

test.each([subscribeByWebSocket, subscribeBySse])(
  'a subscription from a removed cursor gets the error: %o',
  async (subscribe) => {
    const query = 'subscription ($after: String) { events(after: $after) { cursor } }';
    const token = await server.token();
    const variables = { after: cursors[0] };
    const refused = subscribe({ url: server.url, query, variables, token });
    expect(await refused.ended).toMatchObject([
      { extensions: { code: 'CURSOR_EXPIRED', oldestCursor: cursors[2] } },
    ]);
    await refused.close();
    const taken = subscribe({ url: server.url, query, variables: { after: cursors[2] }, token });
    const events = await taken.until(5);
    expect(events.map(({ cursor }) => cursor)).toEqual(cursors.slice(3));
    await taken.close();
  },
);

test('a removed event is not found by its id', async () => {
  const query = 'query ($id: ID!) { event(id: $id) { id } }';
  expect((await server.query(query, { id: ids[2] })).body.data.event).toBeNull();
  expect((await server.query(query, { id: ids[3] })).body.data.event).toEqual({ id: ids[3] });
});
