import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { type AnyEvent, subscribeBySse, subscribeByWebSocket } from '../../utils/subscribe.ts';

const FEED = `subscription ($filter: EventFilter, $after: String) {
  eventFeed(filter: $filter, after: $after) {
    __typename
    cursor
    ... on FeedEvent { event { cursor payload } }
  }
}`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const head = async () => (await server.query('{ head }')).body.data.head as string;
const itemsOf = (results: AnyEvent[]) =>
  results.map(({ data }) =>
    data.eventFeed.__typename === 'FeedCaughtUp' ? 'caught up' : data.eventFeed.event.payload.n,
  );

describe.each([
  ['WebSocket', subscribeByWebSocket],
  ['SSE', subscribeBySse],
])('over %s', (_, subscribe) => {
  const follow = async (variables: object) =>
    subscribe({
      url: server.url,
      query: FEED,
      variables: { ...variables },
      token: await server.token(),
      whole: true,
    });
  const post = async (from: number, to: number, user_id = 'u') => {
    for (let n = from; n <= to; n += 1) await server.post('app_opened', { user_id, n, of: _ });
  };

  test('delivers stored events, then one mark, then live events', async () => {
    const after = await head();
    await post(1, 3);
    const last = await head();
    const feed = await follow({ after });
    const caughtUp = (await feed.until(4))[3];
    expect(caughtUp.data.eventFeed).toEqual({ __typename: 'FeedCaughtUp', cursor: last });
    await post(4, 5);
    expect(itemsOf(await feed.until(6))).toEqual([1, 2, 3, 'caught up', 4, 5]);
    for (const { data } of feed.received.filter(({ data }) => data.eventFeed.event)) {
      expect(data.eventFeed.event.cursor).toBe(data.eventFeed.cursor);
    }
    await feed.close();
  });

  test('without `after` the mark comes at once, with a cursor before the first event', async () => {
    const now = await head();
    const feed = await follow({});
    const [caughtUp] = await feed.until(1);
    expect(caughtUp.data.eventFeed).toEqual({ __typename: 'FeedCaughtUp', cursor: now });
    await feed.close();
    await post(11, 12);
    const resumed = await follow({ after: now });
    expect(itemsOf(await resumed.until(3))).toEqual([11, 12, 'caught up']);
    await resumed.close();
  });

  test("the mark's cursor is behind all scanned events, even if none matched", async () => {
    const after = await head();
    await post(21, 29);
    const now = await head();
    const filter = { userIds: ['nobody'], types: ['APP_OPENED'] };
    const feed = await follow({ after, filter });
    const [caughtUp] = await feed.until(1);
    expect(caughtUp.data.eventFeed.cursor).toBe(now);
    await post(30, 30, 'nobody');
    expect(itemsOf(await feed.until(2))).toEqual(['caught up', 30]);
    await feed.close();
  });

  test.each([
    [{ types: [] }],
    [{ types: ['APP_OPENED'], specialities: ['work'] }],
    [{ statuses: ['FREE'], professionalIds: [5] }],
  ])('a filter that matches nothing gets a mark: %j', async (filter) => {
    const feed = await follow({ filter, after: await head() });
    expect(itemsOf(await feed.until(1))).toEqual(['caught up']);
    await feed.close();
  });

  test.each([
    ['not a cursor', { after: 'AAAA' }, 'CURSOR_INVALID'],
    ['too many values', { filter: { statuses: Array(101).fill('FREE') } }, 'BAD_USER_INPUT'],
  ])('is refused: %s', async (_, variables, code) => {
    const feed = await follow(variables);
    const reason = await feed.ended;
    const [error] = (reason as AnyEvent[]) ?? feed.received[0].errors;
    expect(error.extensions.code).toBe(code);
    await feed.close();
  });
});

test('an empty log is caught up at once, with a valid cursor', async () => {
  const empty = await startTestServer();
  const token = await empty.token();
  const options = { url: empty.url, query: FEED, token, whole: true };
  const feed = subscribeBySse(options);
  const [{ data }] = await feed.until(1);
  await feed.close();
  await empty.post('app_opened', { n: 1 });
  const resumed = subscribeBySse({ ...options, variables: { after: data.eventFeed.cursor } });
  expect(itemsOf(await resumed.until(2))).toEqual([1, 'caught up']);
  await resumed.close();
  await empty.close();
});
