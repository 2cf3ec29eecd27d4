import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

describe('a key set that cannot be had is no fault of the token', () => {
  async function expectUnavailable(token: string) {
    const answer = await server.query(LIST, {}, token);
    expect(answer.status).toBe(503);
    expect(answer.body.errors).toEqual([
      {
        message: 'The key set of the token issuer cannot be fetched. Retry shortly.',
        extensions: {
          code: 'SERVICE_UNAVAILABLE',
          requestId: answer.headers.get('x-request-id'),
        },
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

describe('while keys cannot be had, those that are there go on working', () => {
  /** After which keys are asked for anew, and after which they are good no longer. */
  const MAX_AGE_MS = 10 * 60_000;
  const MAX_STALE_MS = 24 * 3_600_000;
  const DOWN = { status: 503, body: '' };

  test('for a day, asked for at most every 30 seconds', async () => {
    const sign = await keys.rotate('ES256', 'one');
    expect(await statusFor(await sign(claims))).toBe(200);
    keys.answerWith(DOWN);
    vi.setSystemTime(Date.now() + MAX_AGE_MS);
    for (let request = 0; request < 5; request += 1) {
      expect(await statusFor(await sign(claims))).toBe(200);
    }
    expect(keys.asked()).toBe(2);
    vi.setSystemTime(Date.now() + MAX_STALE_MS);
    expect(await statusFor(await sign(claims))).toBe(503);
    keys.answerWith(undefined);
    expect(await statusFor(await sign(claims))).toBe(200);
  });

  test('a key that is not among them may be a new one: 503, and the keys are not asked for each time', async () => {
    const signOld = await keys.rotate('ES256', 'old');
    expect(await statusFor(await signOld(claims))).toBe(200);
    const signNew = await keys.rotate('ES256', 'new');
    keys.answerWith(DOWN);
    vi.setSystemTime(Date.now() + COOLDOWN_MS);
    for (let request = 0; request < 5; request += 1) {
      expect(await statusFor(await signNew(claims))).toBe(503);
      expect(await statusFor(await signOld(claims))).toBe(200);
    }
    expect(keys.asked()).toBe(2);
    keys.answerWith(undefined);
    vi.setSystemTime(Date.now() + COOLDOWN_MS);
    expect(await statusFor(await signNew(claims))).toBe(200);
  });

  test('a withdrawn key ends once they have been asked for anew', async () => {
    const sign = await keys.rotate('ES256', 'one');
    expect(await statusFor(await sign(claims))).toBe(200);
    await keys.rotate('ES256', 'two');
    expect(await statusFor(await sign(claims))).toBe(200);
    vi.setSystemTime(Date.now() + MAX_AGE_MS);
    expect(await statusFor(await sign(claims))).toBe(401);
  });

  test('tokens that come while keys are fetched wait for that answer', async () => {
    const signOld = await keys.rotate('ES256', 'old');
    expect(await statusFor(await signOld(claims))).toBe(200);
    const signNew = await keys.rotate('ES256', 'new');
    vi.setSystemTime(Date.now() + COOLDOWN_MS);
    const tokens = await Promise.all(Array.from({ length: 10 }, () => signNew(claims)));
    expect(await Promise.all(tokens.map(statusFor))).toEqual(tokens.map(() => 200));
    expect(keys.asked()).toBe(2);
  });

  test('the log says so once each time, and holds no token', async () => {
    const sign = await keys.rotate('ES256', 'one');
    const tokens: string[] = [];
    const said = () =>
      server.logLines.filter((line) => line.includes('the keys of tokens cannot be fetched'));
    for (const times of [1, 2]) {
      const token = await sign(claims);
      tokens.push(token);
      keys.answerWith(DOWN);
      for (let request = 0; request < 3; request += 1) expect(await statusFor(token)).toBe(503);
      expect(said()).toHaveLength(times);
      keys.answerWith(undefined);
      expect(await statusFor(token)).toBe(200);
      vi.setSystemTime(Date.now() + MAX_STALE_MS);
    }
    const log = server.logLines.join('');
    for (const part of tokens.join('.').split('.')) expect(log).not.toContain(part);
  });
});
