import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quarantineDrop } from '../../../../src/cli/commands/quarantine/drop.ts';
import type { Terminal } from '../../../../src/cli/terminal.ts';
import { readConfig } from '../../../../src/config/config.ts';
import { createLog } from '../../../../src/log/log.ts';
import { freshDatabase, type TestDatabase } from '../../../utils/database.ts';
import { runEventline } from '../../../utils/eventline.ts';
import { insertQuarantined } from '../../../utils/insert-quarantined.ts';
import { readLogIds } from '../../../utils/log-ids.ts';
import { openStoredData, type StoredData } from '../../../utils/open-stored-data.ts';
import { temporaryDirectory } from '../../../utils/temporary-directory.ts';

let database: TestDatabase;
let storedData: StoredData;
let ids: string[];
beforeEach(async () => {
  database = await freshDatabase();
  await (await createLog({ uri: database.uri, onEvent: () => undefined })).close();
  storedData = await openStoredData(database.uri);
  ids = await insertQuarantined(database.uri, [
    { body: 'one' },
    { body: 'two' },
    { body: 'three' },
  ]);
});
afterEach(async () => {
  await storedData.close();
  await database.drop();
});

async function left(): Promise<string[]> {
  const { quarantine } = await readLogIds(database.uri);
  const kept = await storedData.quarantine();
  return kept.map(({ _id }) => quarantine.seal(Buffer.from(_id.buffer)).toString('hex')).sort();
}

async function run(...args: string[]) {
  const cwd = await temporaryDirectory();
  return runEventline(['quarantine', 'drop', ...args], { cwd, env: { MONGODB_URI: database.uri } });
}

/** Runs the command at a terminal whose user answers as `onQuestion` does. */
async function runAtTerminal(onQuestion: (input: PassThrough, stop: AbortController) => void) {
  const stop = new AbortController();
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const out = new PassThrough();
  let said = '';
  const err = new Writable({
    write(chunk, _, done) {
      said += chunk;
      done();
      if (said.endsWith('(y/N) ')) onQuestion(input, stop);
    },
  });
  const terminal: Terminal = {
    env: {},
    in: input,
    out,
    err,
    config: () => readConfig({ MONGODB_URI: database.uri }),
    environment: () => ({ values: {}, fromFile: new Set() }),
    signal: stop.signal,
    onForcedEnd: () => undefined,
    say: (command) => command,
  };
  const error = await quarantineDrop(terminal, ids.slice(0, 2), {}).catch((reason) => reason);
  out.end();
  return { error, said, printed: await text(out) };
}

test('without a terminal nothing is dropped unless --yes is given', async () => {
  const refused = await run('--all');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('give --yes');
  expect(await left()).toHaveLength(3);
  const dropped = await run(ids[0]?.slice(0, 12) ?? '', '--yes');
  expect(dropped).toMatchObject({ code: 0, stdout: '1 delivery dropped.\n', stderr: '' });
  expect(await left()).toEqual(ids.slice(1).sort());
  expect(await run('--all', '--yes')).toMatchObject({ code: 0, stdout: '2 deliveries dropped.\n' });
  expect(await left()).toEqual([]);
});

test('requires ids or --all, and drops nothing if one of several is wrong', async () => {
  expect((await run('--yes')).stderr).toContain('Give ids');
  expect((await run(ids[0] ?? '', '--all', '--yes')).stderr).toContain('Give ids');
  expect((await run(ids[0] ?? '', '0'.repeat(16), '--yes')).stderr).toContain('starts with 0000');
  expect(await left()).toHaveLength(3);
});

test('asks at a terminal, and accepts yes', async () => {
  const { error, said, printed } = await runAtTerminal((input) => input.write('y\n'));
  expect(said).toBe('Drop 2 deliveries permanently? (y/N) ');
  expect(error).toBeUndefined();
  expect(printed).toBe('2 deliveries dropped.\n');
  expect(await left()).toEqual(ids.slice(2));
});

test.for([
  ['an empty answer', (input: PassThrough) => input.write('\n')],
  ['no', (input: PassThrough) => input.write('no\n')],
  ['the end of the input', (input: PassThrough) => input.end()],
] as const)('the answer %s drops nothing', async ([, answer]) => {
  const { error, printed } = await runAtTerminal(answer);
  expect(error).toMatchObject({ name: 'CommandError', message: 'Nothing was dropped.' });
  expect(printed).toBe('');
  expect(await left()).toHaveLength(3);
});

test('Ctrl-C at the question drops nothing', async () => {
  const { error } = await runAtTerminal((_, stop) => stop.abort());
  expect(error).toMatchObject({ name: 'AbortError' });
  expect(await left()).toHaveLength(3);
});
