import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runEventline, startServerProcess } from '../../utils/eventline.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';
import { waitUntil } from '../../utils/wait-until.ts';

test('a second server on the same data directory is refused, and the first keeps running', async () => {
  const cwd = await temporaryDirectory();
  const first = await startServerProcess({ cwd });
  const second = await runEventline(['serve'], { cwd, env: { PORT: '0' } });
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(`in use by another eventline (pid ${first.pid}, ${first.url})`);
  expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
  expect((await first.kill('SIGTERM')).code).toBe(0);
});

test('a port in use is named, and no database process is left', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const cwd = await temporaryDirectory();
  const refused = await runEventline(['serve'], { cwd, env: { PORT: String(port) } });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`127.0.0.1:${port} is in use by another program. Set PORT`);
  const next = await startServerProcess({ cwd });
  expect((await next.kill('SIGTERM')).stderr).not.toContain('left running');
});

test('a broken .env is refused with its file and line, without values', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, '.env'), 'PORT=0\nWEBHOOK_SECRETS "hush-hush"\nLOG_LEVEL="info\n');
  const { code, stderr } = await runEventline(['serve'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('.env:2: expected NAME=value');
  expect(stderr).toContain('.env:3: expected NAME=value');
  expect(stderr).not.toContain('hush');
});

test('all configuration faults are named at once', async () => {
  const cwd = await temporaryDirectory();
  const env = { PORT: 'abc', WEBHOOK_SECRETS: 'short', AUTH_JWT_SECRET: 'x', GRAPHIQL: 'maybe' };
  const { code, stderr } = await runEventline(['serve'], { cwd, env });
  expect(code).toBe(2);
  for (const name of Object.keys(env)) expect(stderr).toContain(`  ${name}: `);
  expect(stderr).not.toContain('short');
});

test('production refuses to start with development defaults', async () => {
  const cwd = await temporaryDirectory();
  const { code, stderr } = await runEventline(['serve'], { cwd, env: { NODE_ENV: 'production' } });
  expect(code).toBe(2);
  for (const name of ['MONGODB_URI', 'WEBHOOK_SECRETS', 'AUTH_JWT_SECRET or AUTH_JWKS_URL']) {
    expect(stderr).toContain(name);
  }
});

test('an unreachable database gives a clear message without a password', async () => {
  const cwd = await temporaryDirectory();
  const env = { MONGODB_URI: 'mongodb://me:pass-word@127.0.0.1:1/eventline', PORT: '0' };
  const { code, stderr } = await runEventline(['serve'], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain('The database cannot be used');
  expect(stderr).not.toContain('pass-word');
});

test.for([
  ['a file in the place of DATA_DIR', 'afile', undefined, 'DATA_DIR afile cannot be used'],
  ['damaged development secrets', 'data', '{', 'development.json is damaged. Remove it'],
  [
    'empty development secrets',
    'data',
    '{"webhookSecret":"","jwtSecret":"","token":"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjk5OTk5OTk5OTl9.x"}',
    'development.json is damaged. Remove it',
  ],
] as const)('%s: the server exits with a clear message', async ([, dataDir, secrets, message]) => {
  const cwd = await temporaryDirectory();
  if (secrets === undefined) await writeFile(join(cwd, dataDir), '');
  else {
    await mkdir(join(cwd, dataDir));
    await writeFile(join(cwd, dataDir, 'development.json'), secrets);
  }
  const env = { DATA_DIR: dataDir, PORT: '0' };
  const { code, stderr } = await runEventline(['serve'], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('a second signal ends the server and its database at once', async () => {
  const cwd = await temporaryDirectory();
  const server = await startServerProcess({ cwd });
  const databasePid = await server.databasePid();
  process.kill(server.pid, 'SIGINT');
  const { code } = await server.kill('SIGINT');
  // The server may have stopped in an orderly way before the second signal.
  expect([0, 130]).toContain(code);
  await waitUntil(() => {
    try {
      return !process.kill(databasePid, 0);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ESRCH' });
      return true;
    }
  });
});
