import { exportSPKI, importJWK, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signToken } from '../../src/auth/sign-token.ts';
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

describe('tokens verified by a key set', () => {
  test.each(['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'])(
    'are accepted if signed with %s',
    async (alg) => {
      const sign = await keys.rotate(alg, 'one');
      const token = await sign(claims);
      expect((await server.query(LIST, {}, token)).body).toEqual({
        data: { events: { edges: [] } },
      });
      expect(await openWebSocket(server.url, { Authorization: `Bearer ${token}` })).toEqual({
        acknowledged: true,
      });
      expect(keys.asked()).toBe(1);
    },
  );

  test('name their user in the configured claim', async () => {
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

  test('are refused if another issuer or audience is named', async () => {
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

  test('are refused if signed with a shared secret, even with the public key as the secret', async () => {
    const published = await keys.rotate('RS256', 'one').then(() => fetch(keys.url));
    const text = await published.text();
    const [jwk] = JSON.parse(text).keys;
    const pem = await exportSPKI((await importJWK(jwk, 'RS256')) as CryptoKey);
    for (const secret of ['x'.repeat(40), text, JSON.stringify(jwk), jwk.n, pem, pem.trim()]) {
      const token = await signToken(secret, { scope: claims.scope }, '2h');
      expect(await statusFor(token)).toBe(401);
    }
  });
});

test('must name their key if the set holds several', async () => {
  const sign = await keys.rotate('ES256');
  await keys.add('ES256');
  const { status, body } = await server.query(LIST, {}, await sign(claims));
  expect(status).toBe(401);
  expect(body.errors[0].message).toMatch(/does not name its key \("kid"\)/);
});

test('are refused with alg none, even if a key is named', async () => {
  await keys.rotate('RS256', 'one');
  const [, payload] = new UnsecuredJWT(claims).setExpirationTime('2h').encode().split('.');
  for (const alg of ['none', 'None', 'NONE', '']) {
    const head = Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');
    expect(await statusFor(`${head}.${payload}.`)).toBe(401);
  }
});

describe('key rotation', () => {
  test('accepts the new key after the cooldown, and refuses the withdrawn one', async () => {
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
