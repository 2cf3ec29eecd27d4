import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectClient, take } from './connect-client.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

const connect = (options = {}) => {
  let asked = 0;
  const token = () => {
    asked += 1;
    return `token-${asked}`;
  };
  return connectClient({ url: server.url, token, transport: 'websocket', ...options });
};

test.for([
  [1000, ''],
  [1001, 'Going away'],
  [1011, 'INTERNAL_SERVER_ERROR: masked'],
  [1012, ''],
  [1013, 'SERVICE_UNAVAILABLE: too slow'],
  [4429, 'Too many initialisation requests'],
  [4500, 'Internal server error'],
] as const)('resumes after its last event when closed with %j', async ([code, reason]) => {
  const events = connect().subscribe();
  const first = events.next();
  const one = await server.subscribed();
  expect(one.after).toBe('head');
  one.send('a');
  one.send('b');
  await first;
  one.close(code, reason);
  expect(await take(events, 1)).toMatchObject([{ cursor: 'b' }]);
  const next = events.next();
  const two = await server.subscribed();
  expect([two.after, two.authorization]).toEqual(['b', 'Bearer token-2']);
  two.send('c');
  expect((await next).value?.cursor).toBe('c');
});

test('a token that expires on an open connection is replaced at once', async () => {
  const client = connect();
  const events = client.subscribe();
  const first = events.next();
  (await server.subscribed()).close(4403, 'UNAUTHENTICATED: The token has expired.');
  const two = await server.subscribed();
  expect([two.after, two.authorization]).toEqual(['head', 'Bearer token-2']);
  expect(client.statuses()).not.toContain('waiting');
  // A second expiry without an event in between may repeat forever, so the client pauses.
  two.close(4403, 'Forbidden');
  const three = await server.subscribed();
  expect(client.statuses()).toContain('waiting');
  three.send('a');
  expect((await first).value?.cursor).toBe('a');
});

test.for([
  ['CURSOR_EXPIRED', 'CURSOR_EXPIRED'],
  ['BAD_USER_INPUT', 'BAD_USER_INPUT'],
] as const)('ends when a subscription fails with %s', async ([code]) => {
  const next = connect().subscribe().next();
  (await server.subscribed()).fail(code);
  await expect(next).rejects.toMatchObject({ name: 'EventsClientError', code });
});

test('ends when the connection closes with a final code', async () => {
  const next = connect().subscribe().next();
  (await server.subscribed()).close(4400, 'CURSOR_EXPIRED: It is too old.');
  await expect(next).rejects.toMatchObject({ code: 'CURSOR_EXPIRED', message: 'It is too old.' });
});

test('retries when a subscription fails with another error', async () => {
  const next = connect().subscribe().next();
  (await server.subscribed()).fail('INTERNAL_SERVER_ERROR');
  (await server.subscribed()).send('a');
  expect((await next).value?.cursor).toBe('a');
});

test('a server that does not accept connections times out and is retried', async () => {
  server.mute(true);
  const client = connect({ timeoutMs: 1_000 });
  const waiting = client.waitForStatus('waiting');
  const next = client.subscribe().next();
  expect(await waiting).toMatchObject({ cause: { kind: 'blocked' } });
  server.mute(false);
  (await server.subscribed()).send('a');
  expect((await next).value?.cursor).toBe('a');
});
