import { type Client, createClient } from 'graphql-sse';
import { expect, onTestFinished, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { holdLongTimers } from '../auth/hold-long-timers.ts';
import { headOf, postMany, storedCursors } from '../client/stored-cursors.ts';
import { freshDatabase } from '../utils/database.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';

const FOLLOW = 'subscription Follow($after: String) { events(after: $after) { cursor } }';
const HOUR_MS = 3_600_000;
const TOOL = { scope: 'events:read' };

interface Result {
  data?: { events?: { cursor: string } } | null;
  errors?: readonly { extensions?: unknown }[];
}

/** Follows the log with graphql-sse, and moves `after` on as an application has to. */
function follow(server: TestServer, after: string, token: () => Promise<string>) {
  const client: Client = createClient({
    url: `${server.url}/graphql`,
    headers: async () => ({ Authorization: `Bearer ${await token()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: () => new Promise((resolve) => setImmediate(resolve)),
  });
  onTestFinished(() => client.dispose());
  const request = { query: FOLLOW, variables: { after } };
  const cursors: string[] = [];
  const codes: unknown[] = [];
  let end: unknown;
  client.subscribe<Result['data'] & Record<string, unknown>>(request, {
    next({ data, errors }) {
      codes.push(...(errors ?? []).map(({ extensions }) => extensions?.code));
      if (!data?.events) return;
      const { cursor } = data.events as { cursor: string };
      request.variables.after = cursor;
      cursors.push(cursor);
    },
    error: (error) => {
      end = error;
    },
    complete: () => {
      end = 'complete';
    },
  });
  return { cursors, codes, ended: () => end };
}

test('graphql-sse resumes after a server restarts', async () => {
  const { uri: mongodbUri, drop } = await freshDatabase();
  const before = await startTestServer({ mongodbUri });
  const after = await headOf(before);
  const reader = follow(before, after, before.token);
  await postMany(before, 5);
  await waitUntil(() => reader.cursors.length === 5);
  await before.close();

  const again = await startTestServer({ mongodbUri, port: Number(new URL(before.url).port) });
  onTestFinished(async () => {
    await again.close();
    await drop();
  });
  await postMany(again, 5);
  await waitUntil(() => reader.cursors.length === 10 || reader.ended() !== undefined);
  expect(reader.ended()).toBeUndefined();
  expect(reader.cursors).toEqual((await storedCursors(again)).slice(-10));
});

test('graphql-sse resumes with a new token after its token expires', async () => {
  const timers = holdLongTimers();
  const server = await startTestServer();
  onTestFinished(() => server.close());
  const after = await headOf(server);
  let asked = 0;
  const reader = follow(server, after, () => {
    asked += 1;
    const claims = { user: undefined, scope: 'events:read' };
    return signToken(JWT_SECRET, claims, asked === 1 ? '2 hours' : '60 days');
  });
  await postMany(server, 3);
  await waitUntil(() => reader.cursors.length === 3);
  timers.fire(2 * HOUR_MS);
  await waitUntil(() => reader.codes.length === 1);
  await postMany(server, 3);
  await waitUntil(() => reader.cursors.length === 6 || reader.ended() !== undefined);
  expect(reader.ended()).toBeUndefined();
  expect(reader.codes).toEqual(['UNAUTHENTICATED']);
  expect(reader.cursors).toEqual(await storedCursors(server));
});

/** Opens a stream; returns what becomes its text. */
async function streamOf(server: TestServer, query: string, variables = {}) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: 'text/event-stream',
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await server.token()}`,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { text: response.text() };
}

test('a stream that the server ends has no complete event; an answer has one', async () => {
  const server = await startTestServer();
  const after = await headOf(server);
  const answer = await (await streamOf(server, '{ head }')).text;
  expect(answer).toContain('event: next\ndata: {"data":{"head":');
  expect(answer).toMatch(/\n\nevent: complete\ndata:\n\n$/);
  const refused = await (await streamOf(server, FOLLOW, { after: 'no cursor' })).text;
  expect(refused).toMatch(/"CURSOR_INVALID".*\n\nevent: complete\ndata:\n\n$/);
  const stream = await streamOf(server, FOLLOW, { after });
  await server.close();
  expect(await stream.text).not.toContain('complete');
});

/** Follows with graphql-sse and its few retries; returns what it showed, and how it ended. */
async function shownBy(server: TestServer, query: string, claims?: object) {
  const client = createClient({
    url: `${server.url}/graphql`,
    headers: { Authorization: `Bearer ${await server.token(claims)}` },
    retryAttempts: 1,
    retry: async () => undefined,
  });
  onTestFinished(() => client.dispose());
  const shown: unknown[] = [];
  return new Promise<unknown[]>((resolve) => {
    client.subscribe(
      { query },
      {
        next: ({ errors = [] }) => {
          shown.push(...errors.map(({ extensions }) => extensions?.code));
        },
        error: (error) => resolve([...shown, error]),
        complete: () => resolve([...shown, 'complete']),
      },
    );
  });
}

test('graphql-sse shows an error that a retry cannot fix, and ends; its status is 200', async () => {
  const server = await startTestServer();
  onTestFinished(() => server.close());
  const events = (filter: string) => `subscription { events(${filter}) { id } }`;
  for (const [code, query, claims] of [
    ['CURSOR_INVALID', events('after: "no cursor"')],
    ['BAD_USER_INPUT', events('filter: { types: [NONE] }')],
    ['BAD_USER_INPUT', '{ colour }'],
    ['BAD_USER_INPUT', '{'],
    ['FORBIDDEN', events('filter: { userIds: ["other"] }'), { sub: 'me' }],
    ['FORBIDDEN', 'subscription { events { ... on UserFirstLoggedIn { email } } }', TOOL],
  ] as const) {
    expect(await shownBy(server, query, claims)).toEqual([code, 'complete']);
  }
});

test('a refusal that a retry can fix has its status, after which clients retry', async () => {
  const server = await startTestServer({ limits: { maxSubscriptionsPerViewer: 0 } });
  onTestFinished(() => server.close());
  const [error] = await shownBy(server, 'subscription { events { id } }');
  expect(String(error)).toContain('429');
});
