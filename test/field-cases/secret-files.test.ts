import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { sign } from '../../src/webhook/sign.ts';
import { runEventline, startServerProcess } from '../utils/eventline.ts';
import { deliveryOf } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const WITH_COMMA = 'kV3v9,Zq1xwT7m';
const PLAIN = 'pX8zQ2vN6mL1kR4t';
const JWT_SECRET = 'qY7wE3rT9uI5oP1aS6dF2gH8jK4lZ0xC';
const URI = 'mongodb://anna:pass-word@db1,db2/events?replicaSet=rs0';

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration is valid');
}

describe('a file has one webhook secret per line', () => {
  test.each([
    ['one with a comma', WITH_COMMA, [WITH_COMMA]],
    ['two', `${WITH_COMMA}\n${PLAIN}`, [WITH_COMMA, PLAIN]],
    ['with a line break at the end', `${WITH_COMMA}\n`, [WITH_COMMA]],
    ['with line breaks of Windows', `${WITH_COMMA}\r\n${PLAIN}\r\n`, [WITH_COMMA, PLAIN]],
    [
      'with empty lines and white space',
      `\n  ${WITH_COMMA} \n\n\t${PLAIN}\n \n`,
      [WITH_COMMA, PLAIN],
    ],
    ['with a byte order mark', `\ufeff${PLAIN}\n`, [PLAIN]],
    ['with characters that .env files reserve', '#a "quoted"=$secret\n', ['#a "quoted"=$secret']],
    ['beyond ASCII', 'contraseña-ñ€😀\n', ['contraseña-ñ€😀']],
  ])('%s', async (_, content, secrets) => {
    const WEBHOOK_SECRETS_FILE = await write('webhook', content);
    expect(readConfig({ WEBHOOK_SECRETS_FILE }).webhookSecrets).toEqual(secrets);
  });
});

test('the other secrets can be in files too, also in production', async () => {
  const config = readConfig({
    NODE_ENV: 'production',
    MONGODB_URI_FILE: await write('uri', `${URI}\n`),
    WEBHOOK_SECRETS_FILE: await write('webhook', `${PLAIN}\n`),
    AUTH_JWT_SECRET_FILE: await write('token', `${JWT_SECRET}\r\n`),
  });
  expect(config).toMatchObject({
    mongodbUri: URI,
    webhookSecrets: [PLAIN],
    tokenKeys: { secrets: [JWT_SECRET] },
  });
});

test('an empty variable beside a file counts as unset', async () => {
  const WEBHOOK_SECRETS_FILE = await write('webhook', PLAIN);
  const env = { WEBHOOK_SECRETS: ' ', WEBHOOK_SECRETS_FILE, AUTH_JWT_SECRET_FILE: '' };
  expect(readConfig(env)).toMatchObject({ webhookSecrets: [PLAIN], tokenKeys: undefined });
});

describe.each(['MONGODB_URI', 'WEBHOOK_SECRETS', 'AUTH_JWT_SECRET'])(
  'a start error names %s_FILE and the path',
  (name) => {
    test.each<[string, () => Promise<string>, string]>([
      ['a missing file', async () => join(directory, 'none'), 'there is no such file'],
      ['a file as a directory', async () => `${await write('f', '')}/x`, 'there is no such file'],
      ['a directory', async () => directory, 'it is a directory'],
      ['an empty file', () => write('empty', ' \n\n'), 'is empty'],
      [
        'UTF-16',
        () => write('wide', Buffer.from(`\ufeff${PLAIN}`, 'utf16le')),
        'is not a text in UTF-8',
      ],
      ['a large file', () => write('large', 'x'.repeat(100_000)), 'has more than 65536 bytes'],
    ])('%s', async (_, pathOf, why) => {
      const path = await pathOf();
      const message = faultsOf({ [`${name}_FILE`]: path });
      expect(message).toContain(`${name}_FILE: ${path} `);
      expect(message).toContain(why);
      expect(message).not.toContain(PLAIN);
    });

    test('both forms at once', async () => {
      const message = faultsOf({ [name]: 'x'.repeat(40), [`${name}_FILE`]: await write('f', URI) });
      expect(message).toContain(`${name}, ${name}_FILE: give one of them, not both`);
      expect(message).not.toContain('xxx');
    });

    test.each([
      ['the first', 'short', 1],
      ['behind empty lines', '\n \r\n\tshort\n', 3],
    ])('the line of a value that is not valid, without quoting it: %s', async (_, text, line) => {
      const path = await write('f', text);
      const message = faultsOf({ [`${name}_FILE`]: path });
      expect(message.split('\n')[1]).toMatch(/^ {2}\S+: \S+, line \d+: \w/);
      expect(message).toContain(`  ${name}_FILE: ${path}, line ${line}: `);
      expect(message).not.toContain('short');
    });

    test('the line that is not UTF-8', async () => {
      const path = await write('f', Buffer.from(`${PLAIN}\r\n\n${PLAIN}ñ`, 'latin1'));
      const message = faultsOf({ [`${name}_FILE`]: path });
      expect(message).toContain(`${name}_FILE: ${path} is not a text in UTF-8, at line 3`);
      expect(message).not.toContain(PLAIN);
    });
  },
);

test('each line of secrets that is not valid is named', async () => {
  const path = await write('f', `${PLAIN}\nshort-1\n${WITH_COMMA}\n\nshort-2\n`);
  const faults = faultsOf({ WEBHOOK_SECRETS_FILE: path }).split('\n').slice(1);
  expect(faults).toEqual(
    [2, 5].map((line) =>
      expect.stringContaining(`WEBHOOK_SECRETS_FILE: ${path}, line ${line}: a secret needs 8`),
    ),
  );
});

test('so is each that is no key of Standard Webhooks', async () => {
  const key = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
  const path = await write('f', `${key}\n${PLAIN}\n${key},${key}\n`);
  const message = faultsOf({ WEBHOOK_SCHEME: 'standard-webhooks', WEBHOOK_SECRETS_FILE: path });
  for (const line of [2, 3]) {
    expect(message).toContain(
      `WEBHOOK_SECRETS_FILE: ${path}, line ${line}: with WEBHOOK_SCHEME=standard-webhooks, `,
    );
  }
  expect(message).not.toContain('line 1');
  expect(message).not.toMatch(new RegExp(`${PLAIN}|whsec_[A-Z]`));
});

test('MONGODB_URI has one line', async () => {
  const path = await write('f', `${URI}\n\n${URI}\n`);
  const message = faultsOf({ MONGODB_URI_FILE: path });
  expect(message).toContain(`  MONGODB_URI_FILE: ${path}, line 3: expected one line`);
  expect(message).not.toContain(URI);
});

test('a file has one token secret per line; a comma is part of it', async () => {
  const AUTH_JWT_SECRET_FILE = await write('f', `${JWT_SECRET}\n\na,${JWT_SECRET}\n`);
  expect(readConfig({ AUTH_JWT_SECRET_FILE }).tokenKeys).toEqual({
    secrets: [JWT_SECRET, `a,${JWT_SECRET}`],
  });
});

test('a URI in the place of a path is not printed', () => {
  const message = faultsOf({ MONGODB_URI_FILE: URI });
  expect(message).toContain('MONGODB_URI_FILE: expected the path of a file, got a URI');
  expect(message).not.toContain('pass-word');
});

describe('the commands', () => {
  test('config and doctor show the file, and never what is in it', async () => {
    await mkdir(join(directory, 'run'));
    const env = {
      WEBHOOK_SECRETS_FILE: await write('run/webhook', `${WITH_COMMA}\n${PLAIN}\n`),
      AUTH_JWT_SECRET_FILE: await write('run/token', JWT_SECRET),
    };
    await write('.env', 'MONGODB_URI_FILE=run/uri\n');
    await write('run/uri', 'mongodb://anna:pass-word@127.0.0.1:1/x?serverSelectionTimeoutMS=100\n');

    const config = await runEventline(['config', '--json'], { cwd: directory, env });
    const shown = JSON.parse(config.stdout);
    expect(shown).toEqual(
      expect.arrayContaining([
        {
          name: 'WEBHOOK_SECRETS',
          value: '(2, hidden)',
          source: `file ${env.WEBHOOK_SECRETS_FILE}`,
        },
        {
          name: 'WEBHOOK_SECRETS_FILE',
          value: env.WEBHOOK_SECRETS_FILE,
          source: 'environment',
        },
        {
          name: 'AUTH_JWT_SECRET',
          value: '(1, hidden)',
          source: `file ${env.AUTH_JWT_SECRET_FILE}`,
        },
        {
          name: 'MONGODB_URI',
          value: 'mongodb://(hidden)@127.0.0.1:1/x?serverSelectionTimeoutMS=100',
          source: 'file run/uri',
        },
        { name: 'MONGODB_URI_FILE', value: 'run/uri', source: '.env' },
      ]),
    );
    const doctor = await runEventline(['doctor'], { cwd: directory, env });
    expect(doctor.stdout).toContain(`a secret in ${env.WEBHOOK_SECRETS_FILE} contains a comma`);
    expect(doctor.stdout).toContain(`read from ${env.AUTH_JWT_SECRET_FILE}`);
    expect(doctor.stdout).toContain('read from run/uri');
    const all = [config, doctor].map(({ stdout, stderr }) => stdout + stderr).join();
    for (const secret of [WITH_COMMA, PLAIN, JWT_SECRET, 'pass-word', 'Zq1xwT7m']) {
      expect(all).not.toContain(secret);
    }
  });

  test('serve does not start without the file, and takes deliveries signed with its secrets', async () => {
    const WEBHOOK_SECRETS_FILE = join(directory, 'webhook');
    const options = { cwd: directory, env: { WEBHOOK_SECRETS_FILE } };
    const refused = await runEventline(['serve'], options);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(
        `WEBHOOK_SECRETS_FILE: ${WEBHOOK_SECRETS_FILE} cannot be read: there is no such file`,
      ),
    ]);

    await write('webhook', `${WITH_COMMA}\n${PLAIN}\n`);
    const server = await startServerProcess(options);
    for (const [secret, status] of [
      [WITH_COMMA, 200],
      [PLAIN, 200],
      ['Zq1xwT7m', 401],
    ] as const) {
      const body = deliveryOf('message_sent');
      const response = await fetch(`${server.url}/webhooks/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Signature': sign(body, secret) },
        body,
      });
      expect(response.status).toBe(status);
    }
    await server.kill('SIGTERM');
  });
});
