import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { JWT_SECRET, startTestServer, type TestServer } from '../utils/server.ts';
import { openWebSocket } from './open-web-socket.ts';

const scope = 'events:read';
const bytes = (secret: string) => new TextEncoder().encode(secret);
const now = () => Math.floor(Date.now() / 1000);
const right = () => signToken(JWT_SECRET, { scope }, '5m');

/** Values of Authorization, none of them good, and what is said about them. */
const refused: Readonly<Record<string, [authorization: () => Promise<string>, said: RegExp]>> = {
  empty: [async () => '', /A token is needed/],
  'Bearer alone': [async () => 'Bearer', /not "Bearer <JWT>"/],
  'another scheme': [async () => `Basic ${await right()}`, /not "Bearer <JWT>"/],
  'a token without a scheme': [right, /not "Bearer <JWT>"/],
  'two tokens': [async () => `Bearer ${await right()} ${await right()}`, /not "Bearer <JWT>"/],
  rubbish: [async () => 'Bearer rubbish', /not valid here/],
  'three parts of rubbish': [async () => 'Bearer a.b.c', /not valid here/],
  'too long a text': [async () => `Bearer ${'x'.repeat(9_000)}`, /not "Bearer <JWT>"/],
  expired: [
    async () => `Bearer ${await signToken(JWT_SECRET, { scope }, '10 seconds ago')}`,
    /has expired/,
  ],
  'not valid yet': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('5m')
        .setNotBefore(now() + 60)
        .sign(bytes(JWT_SECRET))}`,
    /claim "nbf" is not accepted/,
  ],
  'another secret': [
    async () => `Bearer ${await signToken('x'.repeat(40), { scope }, '5m')}`,
    /not valid here/,
  ],
  'alg none': [
    async () => `Bearer ${new UnsecuredJWT({ scope }).setExpirationTime('5m').encode()}`,
    /not valid here/,
  ],
  'alg HS512 with the right secret': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'HS512' })
        .setExpirationTime('5m')
        .sign(bytes(JWT_SECRET))}`,
    /not valid here/,
  ],
  'a key pair of its own': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('5m')
        .sign((await generateKeyPair('ES256')).privateKey)}`,
    /not valid here/,
  ],
  'changed claims': [
    async () => {
      const [head, , signature] = (await signToken(JWT_SECRET, { user: 'a' }, '5m')).split('.');
      const claims = Buffer.from(JSON.stringify({ scope, exp: now() + 300 })).toString('base64url');
      return `Bearer ${head}.${claims}.${signature}`;
    },
    /not valid here/,
  ],
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const post = (authorization: string | undefined, accept: string) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: accept,
      'Content-Type': 'application/json',
      ...(authorization !== undefined && { Authorization: authorization }),
    },
    body: JSON.stringify({ query: 'subscription { events { id } }' }),
  });

describe.each(Object.entries(refused))('%s', (_, [authorization, said]) => {
  test.each(['application/json', 'text/event-stream'])('401 over HTTP for %s', async (accept) => {
    const response = await post(await authorization(), accept);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toEqual({
      errors: [{ message: expect.stringMatching(said), extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('4403 over WebSocket', async () => {
    expect(await openWebSocket(server.url, { Authorization: await authorization() })).toEqual({
      code: 4403,
      reason: expect.stringMatching(said),
    });
  });
});

test('without a header', async () => {
  expect((await post(undefined, 'application/json')).status).toBe(401);
});

test('a header that Node itself refuses', async () => {
  expect((await post(`Bearer ${'x'.repeat(100_000)}`, 'application/json')).status).toBe(431);
});

describe('in connection_init', () => {
  test.each([
    ['no payload', undefined],
    ['an empty payload', {}],
    ['100 kB', { Authorization: `Bearer ${'x'.repeat(100_000)}` }],
    ['a number', { Authorization: 5 }],
    ['a list', { Authorization: ['Bearer x'] }],
    ['an object', { Authorization: { toString: 'x' } }],
    ['null', { Authorization: null }],
    ['another name', { token: 'x' }],
  ])('%s closes with 4403', async (_, payload) => {
    expect(await openWebSocket(server.url, payload)).toEqual({
      code: 4403,
      reason: expect.stringMatching(/^UNAUTHENTICATED: /),
    });
  });

  test.each(['Authorization', 'authorization'])('a right token as %s is taken', async (name) => {
    expect(await openWebSocket(server.url, { [name]: `bearer ${await right()}` })).toEqual({
      acknowledged: true,
    });
  });
});
