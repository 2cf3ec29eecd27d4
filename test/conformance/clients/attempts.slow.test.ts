import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { headOf, storedCursors } from '../../client/stored-cursors.ts';
import { startRelay } from '../../utils/relay.ts';
import { startTestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { expectColumn, expectEachOnce } from './expect-table.ts';
import { cursorsOf, followAll, limits, postToAll } from './follow-all.ts';
import { FOLLOW, Recorder } from './follower.ts';
import { columnOf } from './table.ts';

/** Attempts of graphql-sse after a loss, by default. */
const DEFAULT_ATTEMPTS = 5;

async function startBehindRelay() {
  const server = await startTestServer({ limits });
  const { hostname, port } = new URL(server.url);
  const relay = await startRelay({ target: { hostname, port: Number(port) } });
  onTestFinished(async () => {
    await relay.close();
    await server.close();
  });
  return { server, relay, url: `http://127.0.0.1:${relay.port}`, after: await headOf(server) };
}

test('clients do what the table says while the server is away', async () => {
  const { server, relay, url, after } = await startBehindRelay();
  const all = followAll(url, server.token, after);
  await postToAll(all, server);
  relay.refuse();
  // A client that has asked for more tokens than it has attempts by default tries on.
  await waitUntil(() =>
    all.every(({ follower, tokens }) => follower.end || tokens() > 1 + DEFAULT_ATTEMPTS),
  );
  relay.restore();
  await postToAll(all, server);
  expectColumn('while the server is away', all, ({ follower, tokens }) => {
    if (!follower.end) return 'tries on';
    return tokens() > 1 ? `ends after ${tokens() - 1} attempts` : 'ends';
  });
  expectEachOnce(all, await storedCursors(server));
});

test('an error of the token function ends the subscription of a client alone', async () => {
  const { server, relay, url, after } = await startBehindRelay();
  let isAway = false;
  const token = async () => {
    if (isAway) throw new Error('the identity provider is away');
    return server.token();
  };
  const all = followAll(url, token, after);
  await postToAll(all, server);
  const before = new Map(all.map((one) => [one, one.tokens()]));
  isAway = true;
  relay.cut();
  await waitUntil(() =>
    all.every((one) => one.follower.end || one.tokens() > (before.get(one) ?? 0) + 1),
  );
  isAway = false;
  await postToAll(all, server);
  const needs = columnOf('to receive each event once');
  for (const { name, isHelped, follower } of all) {
    const goesOn = isHelped || needs[name] === 'nothing';
    expect([name, isHelped, follower.end !== undefined]).toEqual([name, isHelped, !goesOn]);
    if (goesOn) expect(cursorsOf(follower)).toHaveLength(2);
  }
});

test('without `after` the events between two connections are missing', async () => {
  const { server, relay, url } = await startBehindRelay();
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${await server.token()}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: async () => undefined,
    shouldRetry: () => true,
  });
  onTestFinished(() => void socket.dispose());
  const recorder = new Recorder();
  socket.subscribe({ query: FOLLOW }, recorder);
  const isOpen = () => server.open().subscriptions === 1;
  await waitUntil(isOpen);
  await server.post('app_opened', { user_id: 'before' });
  await waitUntil(() => recorder.events.length === 1);
  relay.refuse();
  await waitUntil(() => !isOpen());
  await server.post('app_opened', { user_id: 'between' });
  relay.restore();
  await waitUntil(isOpen);
  await server.post('app_opened', { user_id: 'after' });
  await waitUntil(() => recorder.events.length === 2);
  expect(recorder.events.map(({ userId }) => userId)).toEqual(['before', 'after']);
});

test("a subscription through Apollo's HttpLink is refused, and why", async () => {
  const server = await startTestServer();
  onTestFinished(() => server.close());
  const headers = { Authorization: `Bearer ${await server.token()}` };
  const link = new HttpLink({ uri: `${server.url}/graphql`, headers });
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  onTestFinished(() => client.stop());
  const shown = await new Promise<string>((resolve) => {
    client.subscribe({ query: gql(FOLLOW) }).subscribe({
      next: ({ error }) => resolve(String(error?.message)),
      error: (error) => resolve(String(error.message)),
    });
  });
  expect(shown).toContain('Accept: text/event-stream');
});
