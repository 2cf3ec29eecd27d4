import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const SECRET = 'pX8zQ2vN6mL1kR4t-pX8zQ2vN6mL1kR4t';
const OTHER = 'kV3v9Zq1xwT7m-kV3v9Zq1xwT7m-kV3v9';

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

test.each([
  ['line breaks', `${SECRET}\n${OTHER}`],
  ['line breaks of Windows', `${SECRET}\r\n${OTHER}\r\n`],
  ['a comma and a line break', ` ${SECRET} , \t${OTHER}\n`],
])('a variable may separate secrets by %s', (_, WEBHOOK_SECRETS) => {
  expect(readConfig({ WEBHOOK_SECRETS }).webhookSecrets).toEqual([SECRET, OTHER]);
});

describe.each(['WEBHOOK_SECRETS', 'AUTH_JWT_SECRET'])('%s', (name) => {
  test.each([
    // `docker run --env-file` keeps quotes.
    ['quotes', `"${SECRET}"`],
    ['single quotes', `'${SECRET}'`],
    ['a JSON list', `["${SECRET}"]`],
  ])('%s would be part of the secret, so they are refused', (_, value) => {
    const message = faultsOf({ [name]: value });
    expect(message).toContain(`${name}: is in quotes`);
    expect(message).toContain(`${name}_FILE`);
    expect(message).not.toContain(SECRET);
  });

  test('the path of a file is refused', async () => {
    const path = join(await temporaryDirectory(), 'webhook-secrets-of-eventline');
    await writeFile(path, SECRET);
    const message = faultsOf({ [name]: path });
    expect(message).toContain(`${name}: names a file; use ${name}_FILE`);
    expect(message).not.toContain(path);
  });

  test.each([`${SECRET}"`, `"${SECRET}`, `/${SECRET}`, `[${SECRET}]`, `a"${SECRET}"b`])(
    '%s is a secret',
    (value) => {
      expect(faultsOf({ [name]: value })).toBe('');
    },
  );

  test('a file keeps quotes and paths', async () => {
    const path = join(await temporaryDirectory(), 'secret');
    await writeFile(path, `"${SECRET}"\n`);
    expect(faultsOf({ [`${name}_FILE`]: path })).toBe('');
  });
});

test('each item of a JSON list of secrets is refused', () => {
  const WEBHOOK_SECRETS = JSON.stringify([SECRET, OTHER]);
  expect(faultsOf({ WEBHOOK_SECRETS })).toContain('WEBHOOK_SECRETS: is in quotes');
});

describe.each(['MONGODB_URI_FILE', 'WEBHOOK_SECRETS_FILE', 'AUTH_JWT_SECRET_FILE'])(
  'a secret in the place of a path is not printed: %s',
  (name) => {
    test.each([SECRET, `${SECRET}/${OTHER}`, `/${SECRET}`, `${SECRET}\0`, SECRET.repeat(200)])(
      '%j',
      (value) => {
        const message = faultsOf({ [name]: value });
        expect(message).toContain(`${name}: the file, whose name may be a secret and is not shown`);
        expect(message).not.toContain(SECRET);
      },
    );
  },
);

test('a file without an end is not read to its end', () => {
  const message = faultsOf({ WEBHOOK_SECRETS_FILE: '/dev/zero' });
  expect(message).toContain('/dev/zero has more than 65536 bytes');
});

test('a Secret of Kubernetes is read through its links', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, '..2026_11_30'));
  await writeFile(join(directory, '..2026_11_30', 'secrets'), SECRET);
  await symlink('..2026_11_30', join(directory, '..data'));
  await symlink('..data/secrets', join(directory, 'secrets'));
  const config = readConfig({ WEBHOOK_SECRETS_FILE: join(directory, 'secrets') });
  expect(config.webhookSecrets).toEqual([SECRET]);
});

test.each(['AUTH_JWKS_URL', 'ALLOWED_ORIGINS', 'RETENTION_DAYS'])(
  '%s cannot be in a file, which is said',
  (name) => {
    const message = faultsOf({ [`${name}_FILE`]: '/run/secrets/value' });
    expect(message).toContain(`${name}_FILE: no such setting; ${name} cannot be in a file`);
  },
);
