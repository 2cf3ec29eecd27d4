import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { startEventline } from '../../../utils/eventline.ts';
import { insertQuarantined } from '../../../utils/insert-quarantined.ts';
import { type LogIds, readLogIds } from '../../../utils/log-ids.ts';
import { acceptable, parseLines, runQuarantine, setUpQuarantine } from './set-up-quarantine.ts';

const setup = setUpQuarantine();
const run = (...args: string[]) => runQuarantine(setup, ...args);

test('list shows deliveries with their reasons, newest first, without bodies', async () => {
  await setup.server.postRaw('{"private":"hush"');
  await setup.server.postRaw('{"private":"hush"');
  await setup.server.postRaw('{"type":"private-hush","occurred_on":"hush","payload":{}}');
  const { code, stdout, stderr } = await run('list');
  const [head, ...rows] = stdout.trim().split('\n');
  expect(head).toMatch(/^ID +FIRST +LAST +TIMES +BYTES +PROBLEM +DETAIL$/);
  expect(rows).toEqual([
    expect.stringMatching(
      /^[\da-f]{8} .* 1 +\d+ +invalid-envelope +occurred_on: expected an existing date/,
    ),
    expect.stringMatching(/^[\da-f]{8} .* 2 +17 +invalid-json +the body of 17 bytes is not JSON/),
  ]);
  expect(stdout).not.toContain('hush');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('list prints JSON, filters by problem, and limits the number', async () => {
  const ids = await insertQuarantined(setup.server.mongodbUri, acceptable(3));
  await setup.server.postRaw('not JSON');
  const listed = await run('list', '--json', '--problem', 'invalid-payload', '--limit', '2');
  const found = parseLines(listed.stdout);
  expect(found.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  expect(found[1]).toEqual({
    id: ids[1],
    problem: 'invalid-payload',
    detail: 'payload.new_field: is not known',
    firstAt: '2025-03-02T10:00:00.123Z',
    lastAt: '2025-03-02T10:00:00.123Z',
    count: 1,
    bytes: expect.any(Number),
  });
  expect(listed.stderr).toContain('There are more: use --limit');
});

test('an empty quarantine says so', async () => {
  for (const args of [
    ['list'],
    ['list', '--json'],
    ['retry', '--all'],
    ['drop', '--all', '--yes'],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '',
      stderr: 'The quarantine is empty.\n',
    });
  }
  expect((await run('list', '--problem', 'invalid-jsn')).stderr).toMatch(
    /Possible problems: invalid-json, /,
  );
});

test('show prints the facts, and with --raw the original bytes', async () => {
  const body = Buffer.from([0x7b, 0x00, 0xff, 0x0d, 0x0a, 0xc3, 0x28, 0x1b, 0x5b, 0x41]);
  await setup.server.postRaw(body);
  const [{ id }] = parseLines((await run('list', '--json')).stdout);
  const shown = await run('show', id.slice(0, 6).toUpperCase());
  expect(shown.stdout).toContain(id);
  expect(shown.stdout).toMatch(/^problem +invalid-json$/m);
  expect(shown.stdout).toMatch(/^body +not shown.*personal data.*--raw/m);
  expect(parseLines((await run('show', id, '--json')).stdout)).toMatchObject([{ id, bytes: 10 }]);

  const { child, finished } = startEventline(['quarantine', 'show', id, '--raw'], {
    cwd: setup.cwd,
    env: { MONGODB_URI: setup.server.mongodbUri },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  expect((await finished).code).toBe(0);
  expect(Buffer.concat(chunks)).toEqual(body);
});

test('ids are shown as long as needed, and an ambiguous prefix is refused', async () => {
  const alike = ambiguousDigests(await readLogIds(setup.server.mongodbUri));
  const [one = '', other = ''] = await insertQuarantined(
    setup.server.mongodbUri,
    alike.map((digest) => ({ body: 'x', digest, problem: 'odd\u001b[2J' })),
  );
  const start = one.slice(0, 8);
  const absent = '0'.repeat(16);
  expect(other.slice(0, 8)).toBe(start);
  let chars = 9;
  while (one.slice(0, chars) === other.slice(0, chars)) chars += 1;
  const [short, otherShort] = [one.slice(0, chars), other.slice(0, chars)];
  const { stdout } = await run('list');
  expect(stdout).toContain(`${short} `);
  expect(stdout).toContain(`${otherShort} `);
  expect(stdout).toContain('odd\uFFFD[2J');
  for (const [args, message] of [
    [['show', start], `${start} matches several ids (`],
    [['show', absent], `Nothing in quarantine has an id that starts with ${absent}`],
    [['retry', 'xyz0'], 'got "xyz0"'],
    [['drop', '--yes', 'ab1'], 'got "ab1"'],
  ] as const) {
    const { code, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  }
  expect(await setup.storedData.quarantine()).toHaveLength(2);
});

/** Two digests whose ids share the first 8 characters: among 80,000 there are two. */
function ambiguousDigests({ quarantine }: LogIds): [Buffer, Buffer] {
  const seen = new Map<string, Buffer>();
  for (;;) {
    const digest = randomBytes(32);
    const start = quarantine.seal(digest).toString('hex').slice(0, 8);
    const other = seen.get(start);
    if (other !== undefined) return [other, digest];
    seen.set(start, digest);
  }
}
