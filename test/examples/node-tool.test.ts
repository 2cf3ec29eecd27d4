import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';

const ROOT = join(import.meta.dirname, '../..');
/** More than one page of the tool. */
const UNREAD = 101;
const run = promisify(execFile);
const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');

let server: TestServer;
beforeAll(async () => {
  [server] = await Promise.all([
    startTestServer(),
    run(process.execPath, [tsc, '-p', 'examples/node-tool'], { cwd: ROOT }),
  ]);
});
afterAll(() => server.close());

function runTool(token: string, url = server.url) {
  const args = ['build/node-tool/unread-messages.js', '--older-than', 'PT1H'];
  return run(process.execPath, args, {
    ...{ cwd: ROOT, env: { EVENTLINE_TOKEN: token, EVENTLINE_URL: url } },
  });
}

test('the tool lists messages that were unread for a given time, page by page', async () => {
  const sent = Array.from({ length: UNREAD + 1 }, () => randomUUID());
  const longAgo = new Date(Date.now() - 2 * 3_600_000).toISOString();
  await Promise.all(
    sent.map((message_id) => {
      const body = JSON.parse(deliveryOf('message_sent', { message_id, user_id: '42A' }));
      return server.postRaw(JSON.stringify({ ...body, occurred_on: longAgo }));
    }),
  );
  const [read, ...unread] = sent;
  await server.post('message_read', { message_id: read, user_id: '42A' });
  await server.post('message_sent', { user_id: 'a moment ago' });
  const { stdout } = await runTool(await server.token());
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.split('\t'));
  expect(rows.map(([, , , id]) => id).sort()).toEqual(unread.sort());
  expect(rows[0]).toEqual([longAgo, expect.any(String), '42A', expect.any(String)]);
});

test('a refusal is printed, and sets the exit code', async () => {
  await expect(runTool('no token')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Set EVENTLINE_TOKEN'),
  });
});

test('an unreachable server is reported without the token', async () => {
  const failed = await runTool(await server.token(), 'http://127.0.0.1:1').catch((error) => error);
  expect(failed.stderr).toBe(
    'No server answers at http://127.0.0.1:1. Set EVENTLINE_URL, or give --url.\n',
  );
  expect(failed.code).toBe(1);
});
