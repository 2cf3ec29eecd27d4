import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { refused, right, signed } from './bad-tokens.ts';
import { openWebSocket } from './open-web-socket.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const post = (authorization: string | undefined, accept: string, search = '') =>
  fetch(`${server.url}/graphql${search}`, {
    method: 'POST',
    headers: {
      Accept: accept,
      'Content-Type': 'application/json',
      ...(authorization !== undefined && { Authorization: authorization }),
    },
    body: JSON.stringify({ query: 'subscription { events { id } }' }),
  });

describe.each(Object.entries(refused))('%s', (_, [authorization, said]) => {
  test.each(['application/json', 'text/event-stream'])(
    'gets 401 over HTTP for %s',
    async (accept) => {
      const response = await post(await authorization(), accept);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      const requestId = response.headers.get('x-request-id');
      const extensions = { code: 'UNAUTHENTICATED', requestId };
      expect(await response.json()).toEqual({
        errors: [{ message: expect.stringMatching(said), extensions }],
      });
    },
  );

  test('gets 4403 over WebSocket', async () => {
    expect(await openWebSocket(server.url, { Authorization: await authorization() })).toEqual({
      code: 4403,
      reason: expect.stringMatching(said),
    });
  });
});

test('a request without a token is refused', async () => {
  expect((await post(undefined, 'application/json')).status).toBe(401);
});

test('a header too large for Node gets 431', async () => {
  expect((await post(`Bearer ${'x'.repeat(100_000)}`, 'application/json')).status).toBe(431);
});

describe('in connection_init', () => {
  test.each([
    ['no payload', undefined],
    ['an empty payload', {}],
    ['a token of 10 kB', { Authorization: `Bearer ${'x'.repeat(10_000)}` }],
    ['a number as the token', { Authorization: 5 }],
    ['a list as the token', { Authorization: ['Bearer x'] }],
    ['an object as the token', { Authorization: { toString: 'x' } }],
    ['null as the token', { Authorization: null }],
    ['a token under another name', { token: 'x' }],
  ])('%s closes the socket with 4403', async (_, payload) => {
    expect(await openWebSocket(server.url, payload)).toEqual({
      code: 4403,
      reason: expect.stringMatching(/^UNAUTHENTICATED: /),
    });
  });

  test('a token of 100 kB closes the socket with 4400, since that message is too large', async () => {
    expect(await openWebSocket(server.url, { Authorization: 'x'.repeat(100_000) })).toEqual({
      code: 4400,
      reason: expect.stringMatching(/^BAD_USER_INPUT: .* 16384 bytes/),
    });
  });

  test.each(['Authorization', 'authorization'])('a valid token as %s is accepted', async (name) => {
    expect(await openWebSocket(server.url, { [name]: `bearer ${await right()}` })).toEqual({
      acknowledged: true,
    });
  });
});

describe('a token in the URL is ignored', () => {
  const names = ['access_token', 'token', 'authorization', 'Authorization', 'jwt'];

  test.each(names)('%s over HTTP', async (name) => {
    const search = `?${name}=${encodeURIComponent(await right())}&extensions=${encodeURIComponent(
      JSON.stringify({ headers: { Authorization: `Bearer ${await right()}` } }),
    )}`;
    expect((await post(undefined, 'application/json', search)).status).toBe(401);
    expect((await post(undefined, 'text/event-stream', search)).status).toBe(401);
  });

  test.each(names)('%s over WebSocket', async (name) => {
    const search = `?${name}=${encodeURIComponent(await right())}`;
    expect(await openWebSocket(server.url, {}, search)).toMatchObject({ code: 4403 });
  });
});

test.each([
  ['scope as a text', { scope: 'events:read' }],
  ['scope as a list', { scope: ['pii:read', 'events:read'] }],
  ['scp as a text', { scp: 'pii:read events:read' }],
  ['scp as a list', { scp: ['events:read'] }],
])('%s is accepted', async (_, claims) => {
  const authorization = (await signed(claims)).replace('Bearer ', '');
  const { body } = await server.query('{ events { edges { cursor } } }', {}, authorization);
  expect(body).toEqual({ data: { events: { edges: [] } } });
});

test('scope takes precedence when a token has both claims', async () => {
  const token = (await signed({ scope: '', scp: 'events:read' })).replace('Bearer ', '');
  const { body } = await server.query('{ head }', {}, token);
  expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
