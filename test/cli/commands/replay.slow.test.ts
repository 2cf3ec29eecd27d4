import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEventline } from '../../utils/eventline.ts';
import { deliveryOf, startTestServer, type TestServer } from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { env, idsOf, jsonLines, run, useRecordedLog } from './recorded-log.ts';

const server = useRecordedLog();
let other: TestServer;
beforeAll(async () => {
  other = await startTestServer();
});
afterAll(() => other.close());

/** All events in order, as the sender sent them. */
async function contentOf(one: TestServer): Promise<object[]> {
  const { body } = await one.query(
    '{ events(first: 100) { edges { node { typeName occurredOn userId payload } } } }',
  );
  return body.data.events.edges;
}

test('an export holds all events in order, and replaying it elsewhere gives the same events', async () => {
  const exported = await run(server(), 'export', ['--page', '3']);
  expect(exported.code).toBe(0);
  const events = jsonLines(exported.stdout);
  expect(events.map(({ id }) => id)).toEqual(await idsOf(server()));
  expect(events[7].payload.email).toBe('a@example.com');

  const file = join(await temporaryDirectory(), 'events.jsonl');
  await writeFile(file, exported.stdout);
  const replayed = await run(other, 'replay', [file, '--json']);
  expect(JSON.parse(replayed.stdout)).toEqual({ posted: 10, stored: 10 });
  expect(replayed.code).toBe(0);
  expect(await contentOf(other)).toEqual(await contentOf(server()));
  // Ids differ between logs: they cannot be computed from an event's content.
  const ids = await idsOf(server());
  expect((await idsOf(other)).filter((id) => ids.includes(id))).toEqual([]);
  const again = await run(other, 'replay', [file, '--parallel', '4']);
  expect(again.stdout).toBe('duplicate  10\n');
});

test('recorded bodies are posted byte for byte, and refused ones are reported by line', async () => {
  const good = deliveryOf('app_opened', { user_id: 'recorded' });
  const lines = [good, '', 'not JSON', good.replace('app_opened', ''), good];
  const file = join(await temporaryDirectory(), 'bodies.jsonl');
  await writeFile(file, lines.join('\r\n'));
  const ended = await run(server(), 'replay', [file]);
  expect(ended.code).toBe(1);
  // On a busy machine the first one may get 503, be retried, and then be a duplicate too.
  expect(ended.stdout.split('\n').sort().join()).toMatch(
    /,400 +1,422 +1,duplicate +(1,stored +1|2)$/,
  );
  expect(ended.stderr).toMatch(/^line 3: 400 /m);
  expect(ended.stderr).toMatch(/^line 4: 422 /m);
  expect(ended.stderr).toContain('2 of 4 were refused.');
  const rest = await run(server(), 'replay', [file, '--from-line', '5', '--json']);
  expect(JSON.parse(rest.stdout)).toEqual({ posted: 1, duplicate: 1 });
});

test('an interrupted replay prints the line to resume from', async () => {
  const file = join(await temporaryDirectory(), 'bodies.jsonl');
  await writeFile(file, Array.from({ length: 5_000 }, () => deliveryOf('message_sent')).join('\n'));
  const args = ['replay', file, '--rate', '20', '--url', server().url];
  const { child, finished } = startEventline(args, { cwd: await temporaryDirectory(), env });
  const before = (await idsOf(server())).length;
  await waitUntil(async () => (await idsOf(server())).length >= before + 2);
  child.kill('SIGINT');
  const { code, stderr, stdout } = await finished;
  expect(code).toBe(130);
  const posted = Number(/stored +(\d+)/.exec(stdout)?.[1]);
  expect(stderr).toContain(`Resume with --from-line ${posted + 1}.`);
});

test('a CSV file is refused, since each of its lines would be quarantined', async () => {
  const file = join(await temporaryDirectory(), 'events.csv');
  await run(server(), 'export', ['--format', 'csv', '--output', file]);
  const ended = await run(server(), 'replay', [file]);
  expect([ended.code, ended.stdout]).toEqual([1, '']);
  expect(ended.stderr).toContain(`${file} is CSV. Replay takes JSON lines`);
});

test('a replay with a wrong secret ends at once with an error', async () => {
  const file = join(await temporaryDirectory(), 'bodies.jsonl');
  await writeFile(file, `\n${`${deliveryOf('app_opened')}\n`.repeat(100)}`);
  const ended = await run(server(), 'replay', [file, '--secret', 'none-of-this-server']);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/^eventline: .*refuses the signature.*WEBHOOK_SECRETS/);
  expect(ended.stderr).not.toContain('none-of-this-server');
});
