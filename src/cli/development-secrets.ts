import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { signToken } from '../auth/sign-token.ts';
import { scopes } from '../auth/viewer.ts';
import { MIN_SECRET_BYTES } from '../config/token-keys.ts';
import { checkOwner } from '../embedded/check-owner.ts';
import { replaceFile } from '../embedded/lock-record.ts';
import { CommandError } from './command-error.ts';

const FILE = 'development.json';
const TOKEN_LIFETIME_S = 24 * 3_600;
/** A token that expires within this time is replaced. Unit: seconds. */
const RENEW_BEFORE_S = TOKEN_LIFETIME_S / 2;

/** Generated secrets of a development server, once per data directory. */
export interface DevelopmentSecrets {
  /** Secret with which senders sign. */
  webhookSecret: string;
  /** Secret with which tokens are signed (HS256). */
  jwtSecret: string;
  /** A token with all scopes, valid for a day. */
  token: string;
}

/**
 * Returns the secrets of a data directory, or undefined if none exist yet.
 * @throws DirectoryOwnerError if it belongs to another user, CommandError if they are damaged
 */
export async function readDevelopmentSecrets(
  dataDir: string,
): Promise<DevelopmentSecrets | undefined> {
  await checkOwner(dataDir);
  const path = join(dataDir, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const values = parse(text);
  if (values) return values;
  throw new CommandError(`${path} is damaged. Remove it to generate new development secrets.`);
}

/**
 * Returns the secrets of a data directory; generates them on the first call, with `created` true.
 * The token is valid for at least half a day.
 */
export async function ensureDevelopmentSecrets(
  dataDir: string,
): Promise<DevelopmentSecrets & { created: boolean }> {
  const kept = await readDevelopmentSecrets(dataDir);
  // Version 0.1.0 signed tokens for a year and served them through some proxies: revoke those.
  const isUsable = kept !== undefined && secondsLeft(kept.token) <= TOKEN_LIFETIME_S;
  if (isUsable && !endsSoon(kept.token)) return { ...kept, created: false };
  const jwtSecret = isUsable ? kept.jwtSecret : randomBytes(32).toString('base64url');
  const secrets = {
    webhookSecret: kept?.webhookSecret ?? randomBytes(18).toString('base64url'),
    jwtSecret,
    token: await signDevelopmentToken(jwtSecret),
  };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await replaceFile(join(dataDir, FILE), `${JSON.stringify(secrets, null, 2)}\n`);
  return { ...secrets, created: !isUsable };
}

/** Returns a function that returns a valid development token, and renews it before it expires. */
export function createDevelopmentToken({
  jwtSecret,
  token: first,
}: Pick<DevelopmentSecrets, 'jwtSecret' | 'token'>): () => Promise<string> {
  let token = Promise.resolve(first);
  return async () => {
    if (endsSoon(await token)) token = signDevelopmentToken(jwtSecret);
    return token;
  };
}

function signDevelopmentToken(jwtSecret: string): Promise<string> {
  const scope = Object.values(scopes).join(' ');
  return signToken(jwtSecret, { scope }, `${TOKEN_LIFETIME_S}s`);
}

function secondsLeft(token: string): number {
  return (decodeJwt(token).exp ?? 0) - Date.now() / 1_000;
}

const endsSoon = (token: string): boolean => secondsLeft(token) < RENEW_BEFORE_S;

function parse(text: string): DevelopmentSecrets | undefined {
  try {
    const { webhookSecret, jwtSecret, token } = JSON.parse(text);
    decodeJwt(token);
    const valid = [webhookSecret, jwtSecret].every(
      (secret) => typeof secret === 'string' && secret !== '',
    );
    const isLong = valid && Buffer.byteLength(jwtSecret) >= MIN_SECRET_BYTES;
    return isLong ? { webhookSecret, jwtSecret, token } : undefined;
  } catch {
    return undefined;
  }
}
