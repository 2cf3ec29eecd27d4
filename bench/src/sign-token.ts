import { createHmac } from 'node:crypto';
import { JWT_SECRET } from './contract.ts';

const VALID_S = 24 * 3_600;

/** Returns a token that may read all events for a day (HS256, RFC 7515). */
export function signToken(): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { scope: 'events:read', iat, exp: iat + VALID_S };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}
