// Longer than 250 lines: all tests export and replay one recorded log.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN, runEventline, startEventline } from '../../utils/eventline.ts';
import { startRelay } from '../../utils/relay.ts';
import {
  deliveryOf,
  JWT_SECRET,
  startTestServer,
  type TestServer,
  WEBHOOK_SECRET,
} from '../../utils/server.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';
import { waitUntil } from '../../utils/wait-until.ts';

const env = { WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET };
const FORMULA = '=HYPERLINK("http://example.com";"x, y")\nnext';
let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  [server, other] = await Promise.all([startTestServer(), startTestServer()]);
  for (let index = 0; index < 7; index += 1) {
    await server.post('message_sent', { user_id: `user-${index % 2}` });
  }
  await server.post('user_first_logged_in', { user_id: 'user-0', email: 'a@example.com' });
  await server.post('app_opened', { user_id: FORMULA });
  const occurred_on = '2020-02-29T12:00:00.123+02:00';
  await server.postRaw(JSON.stringify({ type: 'goal_reached', occurred_on, payload: { a: [1] } }));
});
afterAll(() => Promise.all([server.close(), other.close()]));

async function run(command: string, args: string[], url = server.url) {
  return runEventline([command, ...args, '--url', url], { cwd: await temporaryDirectory(), env });
}

/** All events in order, as the sender sent them. */
async function contentOf(one: TestServer): Promise<object[]> {
  const { body } = await one.query(
    '{ events(first: 100) { edges { node { typeName occurredOn userId payload } } } }',
  );
  return body.data.events.edges;
}

const jsonLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));

async function idsOf(one: TestServer): Promise<string[]> {
  const { body } = await one.query('{ events(first: 100) { edges { node { id } } } }');
  return body.data.events.edges.map(({ node }: { node: { id: string } }) => node.id);
}

test('an export holds all events in order, and replaying it elsewhere gives the same events', async () => {
  const exported = await run('export', ['--page', '3']);
  expect(exported.code).toBe(0);
  const events = jsonLines(exported.stdout);
  expect(events.map(({ id }) => id)).toEqual(await idsOf(server));
  expect(events[7].payload.email).toBe('a@example.com');

  const file = join(await temporaryDirectory(), 'events.jsonl');
  await writeFile(file, exported.stdout);
  const replayed = await run('replay', [file, '--json'], other.url);
  expect(JSON.parse(replayed.stdout)).toEqual({ posted: 10, stored: 10 });
  expect(replayed.code).toBe(0);
  expect(await contentOf(other)).toEqual(await contentOf(server));
  // Ids differ between logs: they cannot be computed from an event's content.
  const ids = await idsOf(server);
  expect((await idsOf(other)).filter((id) => ids.includes(id))).toEqual([]);
  const again = await run('replay', [file, '--parallel', '4'], other.url);
  expect(again.stdout).toBe('duplicate  10\n');
});

test.for([
  [
    ['--type', 'user_first_logged_in', '--type', 'app_opened'],
    [7, 8],
  ],
  [
    ['--user', 'user-1'],
    [1, 3, 5],
  ],
  [['--until', '2020-03-01'], [9]],
  [['--since', '2020-03-01T00:00:00Z', '--type', 'unknown'], []],
] as const)('%j exports the selected events', async ([args, indexes]) => {
  const ids = await idsOf(server);
  const { stdout } = await run('export', [...args]);
  const exported = stdout === '' ? [] : jsonLines(stdout);
  expect(exported.map(({ id }) => id)).toEqual(indexes.map((index) => ids[index]));
});

test('--no-personal leaves out personal data', async () => {
  const { stdout } = await run('export', ['--no-personal', '--type', 'user_first_logged_in']);
  const [{ payload }] = jsonLines(stdout);
  expect(Object.keys(payload)).not.toContain('email');
  expect(stdout).not.toContain('a@example.com');
  // An explicit token could show personal data.
  const given = [
    '--no-personal',
    '--type',
    'user_first_logged_in',
    '--token',
    await server.token(),
  ];
  const others = await run('export', given);
  expect(jsonLines(others.stdout)[0].payload).toEqual(payload);
});

test('CSV has one line per event, and no cell is a formula', async () => {
  const { stdout } = await run('export', ['--format', 'csv', '--type', 'app_opened']);
  const [heading, only, ...rest] = stdout.trimEnd().split('\n');
  expect(heading).toBe('cursor,id,typeName,occurredOn,receivedAt,userId,installationId,payload');
  expect(rest).toEqual([]);
  expect(only).toContain(`"'=HYPERLINK(""http://example.com"";""x, y"") next"`);
});

test.for(['jsonl', 'csv'])(
  'an interrupted export as %s resumes after its last event',
  async (format) => {
    const file = join(await temporaryDirectory(), 'out');
    const args = ['--format', format, '--output', file];
    expect((await run('export', args)).stderr).toContain(`10 events to ${file}`);
    const whole = await readFile(file);
    const refused = await run('export', args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('already exists. --resume continues');

    for (const length of [whole.length, whole.length - 5, Math.floor(whole.length / 2), 3, 0]) {
      await truncate(file, length);
      const resumed = await run('export', [...args, '--resume']);
      expect([length, resumed.code, resumed.stderr]).toEqual([length, 0, expect.anything()]);
      expect((await readFile(file)).equals(whole), `cut to ${length}`).toBe(true);
    }
    await appendFile(file, 'something else\n');
    const strange = await run('export', [...args, '--resume']);
    expect(strange.code).toBe(1);
    expect(strange.stderr).toContain('is not an event in this format');
  },
);

test('recorded bodies are posted byte for byte, and refused ones are reported by line', async () => {
  const good = deliveryOf('app_opened', { user_id: 'recorded' });
  const lines = [good, '', 'not JSON', good.replace('app_opened', 'message_sent'), good];
  const file = join(await temporaryDirectory(), 'bodies.jsonl');
  await writeFile(file, lines.join('\r\n'));
  const ended = await run('replay', [file]);
  expect(ended.code).toBe(1);
  // On a busy machine the first one may get 503, be retried, and then be a duplicate too.
  expect(ended.stdout.split('\n').sort().join()).toMatch(
    /,400 +1,422 +1,duplicate +(1,stored +1|2)$/,
  );
  expect(ended.stderr).toMatch(/^line 3: 400 /m);
  expect(ended.stderr).toMatch(/^line 4: 422 /m);
  expect(ended.stderr).toContain('2 of 4 were refused.');
  const rest = await run('replay', [file, '--from-line', '5', '--json']);
  expect(JSON.parse(rest.stdout)).toEqual({ posted: 1, duplicate: 1 });
});

test('an interrupted replay prints the line to resume from', async () => {
  const file = join(await temporaryDirectory(), 'bodies.jsonl');
  await writeFile(file, Array.from({ length: 5_000 }, () => deliveryOf('message_sent')).join('\n'));
  const args = ['replay', file, '--rate', '20', '--url', server.url];
  const { child, finished } = startEventline(args, { cwd: await temporaryDirectory(), env });
  const before = (await idsOf(server)).length;
  await waitUntil(async () => (await idsOf(server)).length >= before + 2);
  child.kill('SIGINT');
  const { code, stderr, stdout } = await finished;
  expect(code).toBe(130);
  const posted = Number(/stored +(\d+)/.exec(stdout)?.[1]);
  expect(stderr).toContain(`Resume with --from-line ${posted + 1}.`);
});

test('a CSV file is refused, since each of its lines would be quarantined', async () => {
  const file = join(await temporaryDirectory(), 'events.csv');
  await run('export', ['--format', 'csv', '--output', file]);
  const ended = await run('replay', [file]);
  expect([ended.code, ended.stdout]).toEqual([1, '']);
  expect(ended.stderr).toContain(`${file} is CSV. Replay takes JSON lines`);
});

test('a replay with a wrong secret ends at once with an error', async () => {
  const file = join(await temporaryDirectory(), 'bodies.jsonl');
  await writeFile(file, `\n${`${deliveryOf('app_opened')}\n`.repeat(100)}`);
  const ended = await run('replay', [file, '--secret', 'none-of-this-server']);
  expect(ended.code).toBe(1);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/^eventline: .*refuses the signature.*WEBHOOK_SECRETS/);
  expect(ended.stderr).not.toContain('none-of-this-server');
});

test('a full disk makes the export fail, even if only buffered lines are lost', async () => {
  const child = spawn(
    'sh',
    ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, MAIN, 'export', '--url', server.url],
    {
      cwd: await temporaryDirectory(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(stderr).toMatch(/^eventline: The result cannot be written \(ENOSPC.*Make room/);
  expect(stderr).not.toContain(' at ');
  expect(code).toBe(1);
});

test.for([
  ['to the standard output', []],
  ['to a file', ['--output', 'out.jsonl']],
] as const)('an interrupted export %s prints how to resume', async ([, where]) => {
  const { hostname, port } = new URL(server.url);
  const cwd = await temporaryDirectory();
  const goOn = (url: string, how: readonly string[]) =>
    startEventline(['export', '--page', '2', '--url', url, ...where, ...how], { cwd, env });
  // The third page is never answered.
  let pages = 0;
  let holds = () => {};
  const held = new Promise<void>((resolve) => {
    holds = resolve;
  });
  const relay = await startRelay({
    target: { hostname, port: Number(port) },
    onRequest(chunk) {
      if (!chunk.includes('query Export') || ++pages < 3) return chunk;
      return void holds();
    },
  });
  const { child, finished } = goOn(`http://${hostname}:${relay.port}`, []);
  await held;
  child.kill('SIGINT');
  const first = await finished;
  await relay.close();
  expect(first.code).toBe(130);
  const [, way] = /Interrupted\. Continue with (.*)\.\n$/.exec(first.stderr) ?? [];
  const second = await goOn(server.url, String(way).split(' ')).finished;
  const ids = await idsOf(server);
  expect(first.stderr).toContain('4 events');
  expect(second.stderr).toContain(`${ids.length - 4} events`);
  const file = where.length > 0 && (await readFile(join(cwd, 'out.jsonl'), 'utf8'));
  const all = jsonLines(file || first.stdout + second.stdout);
  expect(all.map(({ id }) => id)).toEqual(ids);
});

test.for([
  [['replay', 'nowhere.jsonl'], 'nowhere.jsonl cannot be read'],
  [['replay', '.'], '. cannot be read: it is a directory'],
  [['replay', '-', '--parallel', '0'], 'expected a whole number from 1'],
  [['export', '--resume'], '--resume continues a file: give --output.'],
  [
    ['export', '--resume', '--output', 'nowhere'],
    'nowhere does not exist. Omit --resume to create it.',
  ],
  [['export', '--resume', '--output', '/dev/null'], '--output: /dev/null is not a file'],
  [['export', '--format', 'xml'], 'Allowed choices are jsonl, csv'],
  [['export', '--since', 'yesterday'], 'expected a day, or an instant'],
  [['export', '--since', '2026-02-01', '--until', '2026-01-01'], 'refuses to be read'],
  [['export', '--token', 'nonsense'], 'The token is not valid here'],
] as const)('%j fails with a clear message', async ([[command, ...args], message]) => {
  const { code, stderr } = await run(command, args);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
