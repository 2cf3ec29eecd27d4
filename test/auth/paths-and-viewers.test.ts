import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { type Subscriber, subscribeBySse, subscribeByWebSocket } from '../utils/subscribe.ts';
import type { ClientError } from './operate.ts';
import {
  describeSeen,
  expectedOf,
  type PostedEvent,
  postPersonalEvents,
  SEEN,
  type SeenEvent,
  seenLive,
} from './some-personal-events.ts';
import { tokenOf, viewers } from './some-viewers.ts';

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String) {
  events(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { ...Seen } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
} ${SEEN}`;
const follow = (viewer: string) =>
  `subscription ($after: String) { events(after: $after) { ...Seen } } ${seenLive(viewer)}`;
const transports = { WebSocket: subscribeByWebSocket, SSE: subscribeBySse } as const;

interface Result {
  data?: { events?: SeenEvent };
  errors?: (ClientError & { path: (string | number)[] })[];
}

let server: TestServer;
let start: string;
let stored: PostedEvent[];
let all: PostedEvent[];
const tokens: Record<string, string> = {};
/** All viewers use the same documents at once, so results may be shared. */
const following: Record<string, { replay: Subscriber<Result>; live: Subscriber<Result> }> = {};

beforeAll(async () => {
  server = await startTestServer();
  const { url } = server;
  start = (await server.query('{ head }')).body.data.head;
  stored = await postPersonalEvents(server);
  for (const viewer of Object.keys(viewers)) {
    const token = await tokenOf(viewer);
    tokens[viewer] = token;
    for (const [name, subscribe] of Object.entries(transports)) {
      const options = { url, query: follow(viewer), token, whole: true };
      following[`${viewer} ${name}`] = {
        replay: subscribe({ ...options, variables: { after: start } }),
        live: subscribe(options),
      };
    }
  }
  const subscribers = Object.values(following).flatMap(({ replay, live }) => [replay, live]);
  await Promise.all(subscribers.map(({ ready }) => ready));
  all = [...stored, ...(await postPersonalEvents(server))];
});
afterAll(async () => {
  for (const { replay, live } of Object.values(following)) {
    await replay.close();
    await live.close();
  }
  await server.close();
});

describe.each(Object.keys(viewers))('%s', (viewer) => {
  const seen = (events: SeenEvent[]) => events.map((event) => describeSeen(event, all));
  const ask = async (query: string, variables: object) =>
    (await server.query(query, variables, tokens[viewer])).body;

  test('in a list', async () => {
    const { data, errors } = await ask(LIST, {});
    expect(seen(data.events.edges.map(({ node }: { node: SeenEvent }) => node))).toEqual(
      expectedOf(viewer, all),
    );
    expectErrors(
      errors,
      data.events.edges.map(({ node }: { node: SeenEvent }) => node),
    );
  });

  test.each(['event', 'node'])('by %s(id)', async (field) => {
    const shown: string[] = [];
    for (const { id } of all) {
      const { data, errors } = await ask(
        `query ($id: ID!) { found: ${field}(id: $id) { ...Seen } } ${SEEN}`,
        { id },
      );
      if (data.found) shown.push(...seen([data.found]));
      else expect(errors).toBeUndefined();
    }
    expect(shown).toEqual(expectedOf(viewer, all));
  });

  test.each(['forward', 'backward'])(
    'page by page %s, with exact page bounds',
    async (direction) => {
      const expected = expectedOf(viewer, all);
      const shown: string[] = [];
      const forward = direction === 'forward';
      let cursor: string | null = null;
      do {
        const page = forward ? { first: 1, after: cursor } : { last: 1, before: cursor };
        const { data } = await ask(LIST, page);
        const { edges, pageInfo } = data.events;
        shown[forward ? 'push' : 'unshift'](
          ...seen(edges.map(({ node }: { node: SeenEvent }) => node)),
        );
        // hasNextPage and hasPreviousPage only count visible events.
        const left = expected.length - shown.length;
        const taken = shown.length - edges.length;
        expect([pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual(
          forward ? [left > 0, taken > 0] : [taken > 0, left > 0],
        );
        cursor = forward ? pageInfo.endCursor : pageInfo.startCursor;
        expect(pageInfo.startCursor).toBe(edges.at(0)?.cursor ?? null);
        if (left === 0) cursor = null;
      } while (cursor !== null);
      expect(shown).toEqual(expected);
    },
  );

  test.each(Object.keys(transports))('in a subscription over %s', async (transport) => {
    const { replay, live } = following[`${viewer} ${transport}`] ?? {};
    const wholeLine = expectedOf(viewer, all);
    const fromNowOn = wholeLine.slice(expectedOf(viewer, stored).length);
    for (const [subscriber, expected] of [
      [replay, wholeLine],
      [live, fromNowOn],
    ] as const) {
      const results = (await subscriber?.until(expected.length)) ?? [];
      expect(seen(results.map(({ data }) => data?.events as SeenEvent))).toEqual(expected);
      for (const { data, errors } of results) expectErrors(errors, [data?.events as SeenEvent]);
    }
  });

  test('the head of the log', async () => {
    expect((await ask('{ head }', {})).data.head).toMatch(/^[\w-]{19}$/);
  });
});

/** Expects one FORBIDDEN error at the path of each hidden typed field, and no other errors. */
function expectErrors(errors: Result['errors'] = [], events: SeenEvent[]) {
  const hidden = events.flatMap((event) =>
    (['mobilePhone', 'mobilePhonePrefix', 'email'] as const).filter((name) => event[name] === null),
  );
  expect(errors.map(({ path }) => path.at(-1)).sort()).toEqual(hidden.sort());
  for (const { message, extensions } of errors) {
    expect(extensions).toEqual({ code: 'FORBIDDEN', requestId: expect.any(String) });
    expect(message).toBe(
      'This is personal: the scope pii:read is needed, or to be the user it is about.',
    );
  }
}
