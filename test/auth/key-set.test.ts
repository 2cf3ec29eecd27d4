import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { type KeyServer, startKeyServer } from './key-server.ts';
import { openWebSocket } from './open-web-socket.ts';

const claims = { scope: 'events:read', iss: 'https://issuer.example', aud: 'eventline' };
const LIST = '{ events { edges { cursor } } }';
/** Keys are asked for again at most so often (jose). */
const COOLDOWN_MS = 30_000;

let keys: KeyServer;
let server: TestServer;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  keys = await startKeyServer();
  server = await startTestServer({
    auth: {
      keys: { jwksUrl: keys.url },
      issuer: claims.iss,
      audience: claims.aud,
      userClaim: 'user',
    },
  });
});
afterEach(async () => {
  await server.close();
  await keys.close();
  vi.useRealTimers();
});

const statusFor = async (token: string) => (await server.query(LIST, {}, token)).status;

describe('tokens of a key set', () => {
  test.each(['RS256', 'ES256'] as const)('signed with %s are taken', async (alg) => {
    const sign = await keys.rotate(alg, 'one');
    const token = await sign(claims);
    expect((await server.query(LIST, {}, token)).body).toEqual({ data: { events: { edges: [] } } });
    expect(await openWebSocket(server.url, { Authorization: `Bearer ${token}` })).toEqual({
      acknowledged: true,
    });
    expect(keys.asked()).toBe(1);
  });

  test('name their user by the claim that is configured', async () => {
    const sign = await keys.rotate('ES256', 'one');
    await server.post('app_opened', { user_id: 'own' });
    await server.post('app_opened', { user_id: 'other' });
    const token = await sign({ ...claims, scope: '', sub: 'other', user: 'own' });
    const { body } = await server.query('{ events { edges { node { userId } } } }', {}, token);
    expect(body.data.events.edges).toEqual([{ node: { userId: 'own' } }]);
    const unnamed = await sign({ ...claims, scope: '', sub: 'own' });
    const { body: refusal } = await server.query(LIST, {}, unnamed);
    expect(refusal.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('of another issuer or for another audience are refused', async () => {
    const sign = await keys.rotate('ES256', 'one');
    for (const [name, value] of [
      ['iss', 'https://other.example'],
      ['iss', undefined],
      ['aud', 'other'],
      ['aud', undefined],
    ] as const) {
      const answer = await server.query(LIST, {}, await sign({ ...claims, [name]: value }));
      expect(answer.status).toBe(401);
      expect(answer.body.errors).toMatchObject([
        { message: `The token's claim "${name}" is not accepted here.` },
      ]);
    }
  });

  test('signed with a shared secret are refused, also with the public key as that secret', async () => {
    const published = await keys.rotate('RS256', 'one').then(() => fetch(keys.url));
    for (const secret of ['x'.repeat(40), await published.text()]) {
      const token = await signToken(secret, { scope: claims.scope }, '5m');
      expect(await statusFor(token)).toBe(401);
    }
  });
});

describe('a rotation', () => {
  test('takes the new key once the keys may be asked for again, and the old one no longer', async () => {
    const signOld = await keys.rotate('RS256', 'old');
    expect(await statusFor(await signOld(claims))).toBe(200);
    const signNew = await keys.rotate('ES256', 'new');
    expect(await statusFor(await signNew(claims))).toBe(401);
    expect(keys.asked()).toBe(1);

    vi.setSystemTime(Date.now() + COOLDOWN_MS + 1_000);
    expect(await statusFor(await signNew(claims))).toBe(200);
    expect(await statusFor(await signOld(claims))).toBe(401);
    expect(keys.asked()).toBe(2);
  });
});

describe('a key set that cannot be had is no fault of the token', () => {
  async function expectUnavailable(token: string) {
    const answer = await server.query(LIST, {}, token);
    expect(answer.status).toBe(503);
    expect(answer.body.errors).toEqual([
      {
        message: 'The keys that sign tokens cannot be reached at the moment. Try again shortly.',
        extensions: { code: 'SERVICE_UNAVAILABLE', requestId: answer.headers.get('x-request-id') },
      },
    ]);
    expect(await openWebSocket(server.url, { Authorization: `Bearer ${token}` })).toEqual({
      code: 1013,
      reason: expect.stringMatching(/^SERVICE_UNAVAILABLE: /),
    });
  }

  test.each([
    ['an error', { status: 500, body: '{}' }],
    ['a page', { status: 200, body: '<html>' }],
    ['no key set', { status: 200, body: '{"keys":5}' }],
  ])('%s is answered, and later the keys', async (_, answer) => {
    const sign = await keys.rotate('ES256', 'one');
    const token = await sign(claims);
    keys.answerWith(answer);
    await expectUnavailable(token);
    keys.answerWith(undefined);
    expect(await statusFor(token)).toBe(200);
  });

  test('nobody listens', async () => {
    const sign = await keys.rotate('ES256', 'one');
    const token = await sign(claims);
    await keys.close();
    await expectUnavailable(token);
    keys = await startKeyServer();
  });
});
