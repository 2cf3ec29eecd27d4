import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startKeyServer } from './key-server.ts';
import { openWebSocket } from './open-web-socket.ts';
import {
  COOLDOWN_MS,
  claims,
  type KeySetServers,
  LIST,
  startWithKeySet,
} from './start-with-key-set.ts';

let keys: KeySetServers['keys'];
let server: KeySetServers['server'];
let statusFor: KeySetServers['statusFor'];
let close: () => Promise<void>;
beforeEach(async () => {
  ({ keys, server, statusFor, close } = await startWithKeySet());
});
afterEach(() => close());

describe('an unavailable key set does not count against the token', () => {
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
    ['status 500', { status: 500, body: '{}' }],
    ['an HTML page', { status: 200, body: '<html>' }],
    ['JSON without a key set', { status: 200, body: '{"keys":5}' }],
    [
      'more than 1 MiB',
      { status: 200, body: JSON.stringify({ keys: [], a: 'x'.repeat(2 ** 20) }) },
    ],
  ])('the key server answers %s, and the keys are fetched later', async (_, answer) => {
    const sign = await keys.rotate('ES256', 'one');
    const token = await sign(claims);
    keys.answerWith(answer);
    await expectUnavailable(token);
    keys.answerWith(undefined);
    expect(await statusFor(token)).toBe(200);
  });

  test('the key server does not listen', async () => {
    const sign = await keys.rotate('ES256', 'one');
    const token = await sign(claims);
    await keys.close();
    await expectUnavailable(token);
    keys = await startKeyServer();
  });
});

describe('while the key server is unavailable, cached keys stay valid', () => {
  /** Age after which keys are fetched again, and age after which they are no longer used. */
  const MAX_AGE_MS = 10 * 60_000;
  const MAX_STALE_MS = 24 * 3_600_000;
  const DOWN = { status: 503, body: '' };

  test('for a day, with at most one request every 30 seconds', async () => {
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

  test('a token with an unknown key gets 503, and the keys are not fetched each time', async () => {
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

  test('a withdrawn key is refused after the next successful fetch', async () => {
    const sign = await keys.rotate('ES256', 'one');
    expect(await statusFor(await sign(claims))).toBe(200);
    await keys.rotate('ES256', 'two');
    expect(await statusFor(await sign(claims))).toBe(200);
    vi.setSystemTime(Date.now() + MAX_AGE_MS);
    expect(await statusFor(await sign(claims))).toBe(401);
  });

  test('tokens that arrive during a fetch wait for it', async () => {
    const signOld = await keys.rotate('ES256', 'old');
    expect(await statusFor(await signOld(claims))).toBe(200);
    const signNew = await keys.rotate('ES256', 'new');
    vi.setSystemTime(Date.now() + COOLDOWN_MS);
    const tokens = await Promise.all(Array.from({ length: 10 }, () => signNew(claims)));
    expect(await Promise.all(tokens.map(statusFor))).toEqual(tokens.map(() => 200));
    expect(keys.asked()).toBe(2);
  });

  test('each failed fetch is logged once, without a token', async () => {
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
