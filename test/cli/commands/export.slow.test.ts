import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { MAIN, startEventline } from '../../utils/eventline.ts';
import { startRelay } from '../../utils/relay.ts';
import { temporaryDirectory } from '../../utils/temporary-directory.ts';
import { env, idsOf, jsonLines, run, useRecordedLog } from './recorded-log.ts';

const server = useRecordedLog();

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
  const ids = await idsOf(server());
  const { stdout } = await run(server(), 'export', [...args]);
  const exported = stdout === '' ? [] : jsonLines(stdout);
  expect(exported.map(({ id }) => id)).toEqual(indexes.map((index) => ids[index]));
});

test('--no-personal leaves out personal data', async () => {
  const { stdout } = await run(server(), 'export', [
    '--no-personal',
    '--type',
    'user_first_logged_in',
  ]);
  const [{ payload }] = jsonLines(stdout);
  expect(Object.keys(payload)).not.toContain('email');
  expect(stdout).not.toContain('a@example.com');
  // An explicit token could show personal data.
  const given = [
    '--no-personal',
    '--type',
    'user_first_logged_in',
    '--token',
    await server().token(),
  ];
  const others = await run(server(), 'export', given);
  expect(jsonLines(others.stdout)[0].payload).toEqual(payload);
});

test('CSV has one line per event, and no cell is a formula', async () => {
  const { stdout } = await run(server(), 'export', ['--format', 'csv', '--type', 'app_opened']);
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
    expect((await run(server(), 'export', args)).stderr).toContain(`10 events to ${file}`);
    const whole = await readFile(file);
    const refused = await run(server(), 'export', args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('already exists. --resume continues');

    for (const length of [whole.length, whole.length - 5, Math.floor(whole.length / 2), 3, 0]) {
      await truncate(file, length);
      const resumed = await run(server(), 'export', [...args, '--resume']);
      expect([length, resumed.code, resumed.stderr]).toEqual([length, 0, expect.anything()]);
      expect((await readFile(file)).equals(whole), `cut to ${length}`).toBe(true);
    }
    await appendFile(file, 'something else\n');
    const strange = await run(server(), 'export', [...args, '--resume']);
    expect(strange.code).toBe(1);
    expect(strange.stderr).toContain('is not an event in this format');
  },
);

test('a full disk makes the export fail, even if only buffered lines are lost', async () => {
  const child = spawn(
    'sh',
    ['-c', `exec "$0" "$@" > /dev/full`, process.execPath, MAIN, 'export', '--url', server().url],
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
  const { hostname, port } = new URL(server().url);
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
  const second = await goOn(server().url, String(way).split(' ')).finished;
  const ids = await idsOf(server());
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
  const { code, stderr } = await run(server(), command, args);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
