import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { erase } from '../../src/cli/commands/erase.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { readConfig } from '../../src/config/config.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { freshDatabase, type TestDatabase } from '../utils/database.ts';
import { lineOf, runEventline, startEventline } from '../utils/eventline.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { createPerson, eventAbout, type Person, someTypes, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

let database: TestDatabase;
let ada: Person;
beforeEach(async () => {
  database = await freshDatabase();
  ada = createPerson();
  const log = await openPatientLog({ uri: database.uri });
  const events = someTypes.map((type) => eventAbout(ada, type));
  await Promise.all(events.map((event) => log.appender.append(event, 100)));
  await log.close();
});
afterEach(() => database.drop());

const options = async () => ({
  cwd: await temporaryDirectory(),
  env: { MONGODB_URI: database.uri },
});
const run = async (...args: string[]) => runEventline(['erase', ...args], await options());

/** Runs the command in this process, with or without a terminal, with this standard input. */
async function runHere(
  given: string,
  input: string,
  { isTTY, yes }: { isTTY: boolean; yes: boolean },
) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const printed: string[] = [];
  const sink = () =>
    new Writable({
      write(chunk, _, done) {
        printed.push(String(chunk));
        done();
      },
    });
  const terminal: Terminal = {
    env: {},
    in: stdin,
    out: sink(),
    err: sink(),
    config: () => readConfig({ MONGODB_URI: database.uri }),
    environment: () => ({ values: {}, fromFile: new Set() }),
    signal: new AbortController().signal,
    onForcedEnd: () => undefined,
    say: (command) => command,
  };
  stdin.end(input);
  const error = await erase(terminal, { user: given, yes, json: true }).catch((reason) => reason);
  return { error, printed: printed.join('') };
}

test('without a terminal it requires --yes, and a dry run only counts', async () => {
  const refused = await run('--user', ada.id);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('give --yes');
  const dry = await run('--user', ada.id, '--dry-run', '--json');
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.stdout)).toEqual({
    events: 8,
    mentions: 1,
    quarantined: 0,
    dryRun: true,
  });
  expect(dry.stderr).not.toContain('was erased');
  expect(await placesOf(database.uri, [ada.id])).not.toEqual([]);
  expect((await run('--user', '', '--yes')).stderr).toContain('expected an id');
  expect((await run('--yes')).code).toBe(1);
});

test('the answer no erases nothing', async () => {
  const { error, printed } = await runHere(ada.id, 'no\n', { isTTY: true, yes: false });
  expect(error).toMatchObject({ name: 'CommandError', message: 'Nothing was erased.' });
  expect(printed).toContain('(y/N)');
  expect(await placesOf(database.uri, [ada.id])).not.toEqual([]);
});

test('the id may come from standard input, so that no process list shows it', async () => {
  const { error, printed } = await runHere('-', `${ada.id}\n`, { isTTY: false, yes: true });
  expect(error).toBeUndefined();
  expect(printed).toContain('"events":8');
  expect(printed).not.toContain(ada.id);
  const logged = printed.split('\n').find((text) => text.includes('"msg":"a user was erased"'));
  expect(JSON.parse(logged ?? '')).toMatchObject({ events: 8, durationMs: expect.any(Number) });
  expect(await placesOf(database.uri, tracesOf(ada))).toEqual([]);
});

test('a command ended by Ctrl-C, then killed, finishes when run again', async () => {
  const interrupted = startEventline(['erase', '--user', ada.id, '--yes'], await options());
  await lineOf(interrupted.child, 'stderr', /Waiting/);
  interrupted.child.kill('SIGINT');
  const { code, stdout, stderr } = await interrupted.finished;
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toContain('Run the command again');

  const killed = startEventline(['erase', '--user', ada.id, '--yes'], await options());
  await lineOf(killed.child, 'stderr', /Erasing events/);
  killed.child.kill('SIGKILL');
  await killed.finished;

  const finished = await run('--user', ada.id, '--yes');
  expect(finished.code).toBe(0);
  expect(finished.stdout).toMatch(/^Erased: \d+ events? of the user, /);
  expect(finished.stderr).toMatch(/Waiting[\s\S]*Searching the log: 100 %/);
  for (const text of [finished, { stdout, stderr }]) {
    expect(`${text.stdout}${text.stderr}`).not.toContain(ada.id);
  }
  expect(await placesOf(database.uri, tracesOf(ada))).toEqual([]);
});
