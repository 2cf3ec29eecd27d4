import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { databaseUri, readDatabaseRecord } from '../../../../src/embedded/database-record.ts';
import {
  lineOf,
  runEventline,
  startEventline,
  startServerProcess,
} from '../../../utils/eventline.ts';
import { insertQuarantined } from '../../../utils/insert-quarantined.ts';
import { deliveryOf } from '../../../utils/server.ts';
import { temporaryDirectory } from '../../../utils/temporary-directory.ts';

const HEAD = 'query { events(last: 5) { edges { node { typeName } } } }';

test('works on the embedded database, beside a server and without one', async () => {
  const cwd = await temporaryDirectory();
  const server = await startServerProcess({ cwd });
  expect((await server.post('not JSON'))?.status).toBe(400);
  const record = await readDatabaseRecord(join(cwd, '.eventline'));
  await insertQuarantined(databaseUri(record?.port ?? 0), [{ body: deliveryOf('app_opened') }]);

  const beside = await runEventline(['quarantine', 'list'], { cwd });
  expect(beside.stderr).toBe('');
  expect(beside.stdout).toContain('invalid-json');
  expect((await server.kill('SIGTERM')).code).toBe(0);

  const alone = await runEventline(['quarantine', 'retry', '--all'], { cwd });
  expect(alone.stderr).toContain('starting its database for this command');
  expect(alone.stdout).toContain('1 stored at position 1, 0 duplicates, 1 still refused.');
  expect(alone.code).toBe(0);

  // The command has left neither its lock nor its database.
  const next = await startServerProcess({ cwd });
  expect(await next.query(HEAD)).toMatchObject({
    data: { events: { edges: [{ node: { typeName: 'app_opened' } }] } },
  });
  const { code, stderr } = await next.kill('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).not.toContain('earlier run');
});

test('Ctrl-C while the database starts leaves neither the process nor its lock', async () => {
  const cwd = await temporaryDirectory();
  const server = await startServerProcess({ cwd });
  await server.post('not JSON');
  await server.kill('SIGTERM');
  const { child, finished } = startEventline(['quarantine', 'list'], { cwd });
  await lineOf(child, 'stderr', /starting its database/);
  child.kill('SIGINT');
  expect(await finished).toMatchObject({ code: 130, stdout: '' });
  const again = await runEventline(['quarantine', 'list', '--json'], { cwd });
  expect(again.stdout).toContain('invalid-json');
  expect(again.stderr).not.toContain('earlier run');
});

test('says so where no server has run, and creates nothing', async () => {
  const cwd = await temporaryDirectory();
  const { code, stderr } = await runEventline(['quarantine', 'list'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('There is no database in .eventline');
  expect(existsSync(join(cwd, '.eventline'))).toBe(false);
});

test('an unreachable database gives a clear message without a password', async () => {
  const cwd = await temporaryDirectory();
  const env = { MONGODB_URI: 'mongodb://me:pass-word@127.0.0.1:1/eventline' };
  const { code, stderr } = await runEventline(['quarantine', 'list'], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain('The database cannot be used');
  expect(stderr).not.toContain('pass-word');
});

test('every command has help with examples', async () => {
  const cwd = await temporaryDirectory();
  for (const args of [[], ['list'], ['show'], ['retry'], ['drop']]) {
    const { code, stdout } = await runEventline(['quarantine', ...args, '--help'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}eventline quarantine/);
  }
});
