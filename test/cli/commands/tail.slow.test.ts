import type { ChildProcess } from 'node:child_process';
import { expect, test } from 'vitest';
import { headOf } from '../../client/stored-cursors.ts';
import { startTcpProxy } from '../../client/tcp-proxy.ts';
import { runEventline, startEventline, startServerProcess } from '../../utils/eventline.ts';
import { deliveryOf, JWT_SECRET, startTestServer } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';

const env = { AUTH_JWT_SECRET: JWT_SECRET };

/** Resolves when the process prints a text. */
function printed(child: ChildProcess, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  return new Promise((resolve) => {
    let soFar = '';
    child[stream]?.on('data', (chunk) => {
      soFar += chunk;
      if (soFar.includes(text)) resolve();
    });
  });
}

test('tail reports a lost connection, and resumes after the last event', async () => {
  const server = await startTestServer();
  const proxy = await startTcpProxy(server.url);
  const args = ['tail', '--after', await headOf(server), '--url', proxy.url];
  const { child, finished } = startEventline(args, { cwd: await temporaryDirectory(), env });
  const first = printed(child, 'stdout', 'first');
  await server.post('app_opened', { user_id: 'first' });
  await first;

  const lost = printed(child, 'stderr', 'The connection was lost; trying again …');
  proxy.cut();
  await lost;
  const second = printed(child, 'stdout', 'second');
  await server.post('app_opened', { user_id: 'second' });
  proxy.restore();
  await second;

  child.kill('SIGINT');
  const { code, stdout, stderr } = await finished;
  expect(code).toBe(0);
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^Following http:\S+; Ctrl-C ends it\.$/),
    'The connection was lost; trying again …',
    'Connected again; resuming after the last event.',
    '',
  ]);
  expect(stdout.match(/app_opened +(first|second)/g)).toHaveLength(2);
  await proxy.close();
  await server.close();
});

test('tail prints no control characters that the sender has sent', async () => {
  const server = await startTestServer();
  const args = ['tail', '--after', await headOf(server), '--url', server.url];
  const { child, finished } = startEventline(args, { cwd: await temporaryDirectory(), env });
  const last = printed(child, 'stdout', 'the last');
  const type = 'a\u001b]0;title\u0007\u009b31m\nb';
  const payload = { user_id: 'c\u001b[31m\u202e\nd', text: '\u001b[31m\u007f\u009b31m' };
  await server.postRaw(JSON.stringify({ type, occurred_on: '2026-01-01T00:00:00Z', payload }));
  await server.post('app_opened', { user_id: 'the last' });
  await last;
  child.kill('SIGINT');
  const { stdout } = await finished;
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(stdout).toContain('\\u202e');
  expect(stdout).toContain('"text":"\\u001b[31m\\u007f\\u009b31m"');
  await server.close();
});

test('tail follows a server that restarts at another address', async () => {
  const cwd = await temporaryDirectory();
  const before = await startServerProcess({ cwd });
  const { child, finished } = startEventline(['tail'], { cwd });
  await printed(child, 'stderr', 'Following');
  const first = printed(child, 'stdout', 'first');
  await before.post(deliveryOf('app_opened', { user_id: 'first' }));
  await first;
  await before.kill('SIGTERM');
  const second = printed(child, 'stdout', 'second');
  const after = await startServerProcess({ cwd });
  await after.post(deliveryOf('app_opened', { user_id: 'second' }));
  await second;
  child.kill('SIGINT');
  const { stdout, stderr } = await finished;
  expect(stderr).toContain(`The server is at ${after.url} now.`);
  expect(stdout.match(/app_opened +(first|second)/g)).toHaveLength(2);
  await after.kill('SIGTERM');
});

test("tail ends with the server's refusal", async () => {
  const server = await startTestServer();
  const cwd = await temporaryDirectory();
  for (const [args, message] of [
    [['--token', 'nonsense'], 'The token is not valid here'],
    [['--after', 'nonsense'], 'This is not a cursor of this log'],
  ] as const) {
    const ended = await runEventline(['tail', ...args, '--url', server.url], { cwd, env });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(message);
  }
  await server.close();
});
