import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { signToken } from '../../src/auth/sign-token.ts';
import { JWT_SECRET } from '../utils/server.ts';

const scope = 'events:read';
const bytes = (secret: string) => new TextEncoder().encode(secret);
const now = () => Math.floor(Date.now() / 1000);
/** A valid token. */
export const right = () => signToken(JWT_SECRET, { scope }, '2h');

/** An Authorization header with these claims and a valid signature. */
export const signed = async (claims: object) =>
  `Bearer ${await new SignJWT({ exp: now() + 7_200, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(bytes(JWT_SECRET))}`;

/** Invalid Authorization headers, with the expected message. */
export const refused: Readonly<
  Record<string, [authorization: () => Promise<string>, said: RegExp]>
> = {
  empty: [async () => '', /Missing token/],
  'Bearer alone': [async () => 'Bearer', /not "Bearer <JWT>"/],
  'another scheme': [async () => `Basic ${await right()}`, /not "Bearer <JWT>"/],
  'a token without a scheme': [right, /not "Bearer <JWT>"/],
  'two tokens': [async () => `Bearer ${await right()} ${await right()}`, /not "Bearer <JWT>"/],
  'a token that is not a JWT': [async () => 'Bearer rubbish', /not valid here/],
  'three parts that are not base64url JSON': [async () => 'Bearer a.b.c', /not valid here/],
  'a token of 9,000 characters': [async () => `Bearer ${'x'.repeat(9_000)}`, /not "Bearer <JWT>"/],
  expired: [
    async () => `Bearer ${await signToken(JWT_SECRET, { scope }, '10 seconds ago')}`,
    /has expired/,
  ],
  'not valid yet': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('2h')
        .setNotBefore(now() + 3_600)
        .sign(bytes(JWT_SECRET))}`,
    /claim "nbf" is not accepted/,
  ],
  'no expiry': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(bytes(JWT_SECRET))}`,
    /has no expiry: its claim "exp" is needed/,
  ],
  'a string as expiry': [() => signed({ scope, exp: '9999999999' }), /claim "exp" is not accepted/],
  'a string as start': [() => signed({ scope, nbf: '0' }), /claim "nbf" is not accepted/],
  'a number as user': [() => signed({ sub: 5 }), /claim "sub" is invalid: expected a text/],
  'a list as user': [() => signed({ sub: ['own'] }), /claim "sub" is invalid/],
  'an object as user': [() => signed({ sub: { $ne: '' } }), /claim "sub" is invalid/],
  'null as user': [() => signed({ sub: null }), /claim "sub" is invalid/],
  'an empty user': [() => signed({ sub: '' }), /claim "sub" is invalid/],
  'a user of 513 characters': [
    () => signed({ sub: 'x'.repeat(513) }),
    /claim "sub" is invalid: expected a text of 1 to 512 characters/,
  ],
  'a number as scope': [() => signed({ scope: 5 }), /claim "scope" is invalid/],
  'an object as scope': [
    () => signed({ scope: { 'events:read': true } }),
    /claim "scope" is invalid/,
  ],
  'a list of lists as scp': [() => signed({ scp: [['events:read']] }), /claim "scp" is invalid/],
  'a truncated token': [async () => `Bearer ${(await right()).slice(0, -5)}`, /not valid here/],
  'a token without its signature': [
    async () => `Bearer ${(await right()).replace(/[^.]*$/, '')}`,
    /not valid here/,
  ],
  'another secret': [
    async () => `Bearer ${await signToken('x'.repeat(40), { scope }, '2h')}`,
    /not valid here/,
  ],
  'alg none': [
    async () => `Bearer ${new UnsecuredJWT({ scope }).setExpirationTime('2h').encode()}`,
    /not valid here/,
  ],
  'alg HS512 with the right secret': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'HS512' })
        .setExpirationTime('2h')
        .sign(bytes(JWT_SECRET))}`,
    /not valid here/,
  ],
  'a token signed with an unknown key pair': [
    async () =>
      `Bearer ${await new SignJWT({ scope })
        .setProtectedHeader({ alg: 'ES256' })
        .setExpirationTime('2h')
        .sign((await generateKeyPair('ES256')).privateKey)}`,
    /not valid here/,
  ],
  'changed claims': [
    async () => {
      const [head, , signature] = (await signToken(JWT_SECRET, { user: 'a' }, '2h')).split('.');
      const claims = Buffer.from(JSON.stringify({ scope, exp: now() + 7_200 })).toString(
        'base64url',
      );
      return `Bearer ${head}.${claims}.${signature}`;
    },
    /not valid here/,
  ],
};
