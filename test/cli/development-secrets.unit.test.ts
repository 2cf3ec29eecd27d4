import { chmod, chown, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createVerify } from '../../src/auth/create-verify.ts';
import { signToken } from '../../src/auth/sign-token.ts';
import {
  createDevelopmentToken,
  ensureDevelopmentSecrets,
} from '../../src/cli/development-secrets.ts';
import { readDatabaseRecord } from '../../src/embedded/database-record.ts';
import { lockDirectory, readServerInfo } from '../../src/embedded/lock-directory.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const HOUR_MS = 3_600_000;
const DAY_S = 24 * 3_600;
const SCOPES = 'events:read pii:read events:admin';
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const newDataDir = async () => join(await temporaryDirectory(), 'data');

const lifetimeS = (token: string) => {
  const { exp = 0, iat = 0 } = decodeJwt(token);
  return exp - iat;
};

test('the token is valid for a day, and reused at the next start', async () => {
  const dataDir = await newDataDir();
  const first = await ensureDevelopmentSecrets(dataDir);
  expect(first.created).toBe(true);
  expect(lifetimeS(first.token)).toBe(DAY_S);
  vi.advanceTimersByTime(11 * HOUR_MS);
  expect(await ensureDevelopmentSecrets(dataDir)).toEqual({ ...first, created: false });
});

test('a start after half of that time signs a new token with the same secrets', async () => {
  const dataDir = await newDataDir();
  const first = await ensureDevelopmentSecrets(dataDir);
  vi.advanceTimersByTime(13 * HOUR_MS);
  const second = await ensureDevelopmentSecrets(dataDir);
  expect(second).toEqual({ ...first, token: second.token, created: false });
  expect(second.token).not.toBe(first.token);
  const { token, jwtSecret } = JSON.parse(
    await readFile(join(dataDir, 'development.json'), 'utf8'),
  );
  expect({ token, jwtSecret }).toEqual({ token: second.token, jwtSecret: first.jwtSecret });
});

test('a long-running server always provides a token valid for at least half a day', async () => {
  const dataDir = await newDataDir();
  const secrets = await ensureDevelopmentSecrets(dataDir);
  const currentToken = createDevelopmentToken(secrets);
  expect(await currentToken()).toBe(secrets.token);
  for (let hours = 0; hours < 100; hours += 5) {
    vi.advanceTimersByTime(5 * HOUR_MS);
    const token = await currentToken();
    expect((decodeJwt(token).exp ?? 0) * 1_000 - Date.now()).toBeGreaterThanOrEqual(12 * HOUR_MS);
    expect(lifetimeS(token)).toBe(DAY_S);
    expect(await currentToken()).toBe(token);
  }
});

test('a year-long token of version 0.1.0 is revoked by a new secret', async () => {
  const dataDir = await newDataDir();
  const jwtSecret = 'a-jwt-secret-for-tests-of-40-characters!';
  const token = await signToken(jwtSecret, { scope: SCOPES }, '365d');
  await mkdir(dataDir);
  const old = { webhookSecret: 'kept-as-it-was', jwtSecret, token };
  await writeFile(join(dataDir, 'development.json'), JSON.stringify(old));
  const renewed = await ensureDevelopmentSecrets(dataDir);
  expect(renewed).toMatchObject({ webhookSecret: 'kept-as-it-was', created: true });
  const verify = createVerify({ keys: { secrets: [renewed.jwtSecret] } });
  await expect(verify(token)).rejects.toThrow();
  expect(await verify(renewed.token)).toBeDefined();
});

test('the secrets go into a new private file, not through one that lies there', async () => {
  const dataDir = await temporaryDirectory();
  const elsewhere = join(await temporaryDirectory(), 'elsewhere');
  await writeFile(elsewhere, 'as it was');
  await symlink(elsewhere, join(dataDir, 'development.json.new'));
  const { created } = await ensureDevelopmentSecrets(dataDir);
  const { mode } = await stat(join(dataDir, 'development.json'));
  expect({ created, mode: mode & 0o777, elsewhere: await readFile(elsewhere, 'utf8') }).toEqual({
    ...{ created: true, mode: 0o600, elsewhere: 'as it was' },
  });
});

test('a secret that is too short for tokens is refused as damaged', async () => {
  const dataDir = await temporaryDirectory();
  const { token } = await ensureDevelopmentSecrets(await newDataDir());
  const secrets = { webhookSecret: 'as-it-was', jwtSecret: 'short', token };
  await writeFile(join(dataDir, 'development.json'), JSON.stringify(secrets));
  await expect(ensureDevelopmentSecrets(dataDir)).rejects.toThrow('development.json is damaged');
});

const OTHER_USER = 65_534;

/** Returns a directory with secrets and addresses that another user of the machine has laid there. */
async function foreignDirectory(): Promise<string> {
  const dataDir = await temporaryDirectory();
  await ensureDevelopmentSecrets(dataDir);
  await writeFile(
    join(dataDir, 'server.json'),
    JSON.stringify({ pid: 1, url: 'http://x.example' }),
  );
  await writeFile(join(dataDir, 'database.json'), JSON.stringify({ kind: 'mongod', port: 4_000 }));
  // Only root can give a directory away; otherwise this process becomes the other user.
  if (process.geteuid?.() === 0) await chown(dataDir, OTHER_USER, OTHER_USER);
  await chmod(dataDir, 0o777);
  vi.spyOn(process, 'geteuid').mockReturnValue(OTHER_USER - 1);
  return dataDir;
}

test("another user's data directory is not used, with what lies in it", async () => {
  const dataDir = await foreignDirectory();
  for (const use of [ensureDevelopmentSecrets, lockDirectory, readServerInfo, readDatabaseRecord]) {
    await expect(use(dataDir)).rejects.toThrow('belongs to another user of this machine');
  }
  // Root may use it, and may have made it.
  vi.spyOn(process, 'geteuid').mockReturnValue(0);
  expect(await ensureDevelopmentSecrets(dataDir)).toMatchObject({ created: false });
});
