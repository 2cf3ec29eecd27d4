import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DirectoryInUseError } from '../../src/embedded/errors.ts';
import { identifyProcess } from '../../src/embedded/identify-process.ts';
import { lockDirectory, readServerInfo } from '../../src/embedded/lock-directory.ts';
import { startProcess, temporaryDirectory } from './setup.ts';

const HOLD = `
import { lockDirectory } from './lock-directory.js';
const lock = await lockDirectory(process.env.DIRECTORY);
await lock.update({ url: 'http://127.0.0.1:4321' });
console.log('held');
process.stdin.resume();`;

async function startHolder(directory: string) {
  const holder = startProcess(HOLD, { ...process.env, DIRECTORY: directory });
  await holder.output.seen(/held/);
  return holder;
}

function writeLock(directory: string, lock: object): Promise<void> {
  return writeFile(join(directory, 'server.json'), JSON.stringify(lock));
}

describe('lockDirectory', () => {
  it('creates a private directory, and releases it', async () => {
    const directory = join(await temporaryDirectory(), 'a', 'b');
    const lock = await lockDirectory(directory);
    await lock.update({ url: 'http://127.0.0.1:1' });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'server.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(directory, 'server.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      processStart: (await identifyProcess(process.pid))?.start,
      url: 'http://127.0.0.1:1',
    });
    await lock.release();
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
    await (await lockDirectory(directory)).release();
  });

  it('refuses a second holder in another process, and names the first', async () => {
    const directory = await temporaryDirectory();
    const { child } = await startHolder(directory);
    const refused = lockDirectory(directory);
    await expect(refused).rejects.toBeInstanceOf(DirectoryInUseError);
    await expect(refused).rejects.toThrow(
      `${directory} is in use by another eventline (pid ${child.pid}, http://127.0.0.1:4321)`,
    );
    expect(await readServerInfo(directory)).toEqual({
      pid: child.pid,
      url: 'http://127.0.0.1:4321',
    });
  });

  it('refuses a second holder in the same process', async () => {
    const directory = await temporaryDirectory();
    const lock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toThrow(`(pid ${process.pid})`);
    await lock.release();
  });

  it('takes over from a killed holder', async () => {
    const directory = await temporaryDirectory();
    const holder = await startHolder(directory);
    holder.child.kill('SIGKILL');
    await holder.ended;
    expect(await readServerInfo(directory)).toBeUndefined();
    const lock = await lockDirectory(directory);
    expect(await readServerInfo(directory)).toEqual({ pid: process.pid });
    await lock.release();
  });

  it('takes over if another process has the pid now', async () => {
    const directory = await temporaryDirectory();
    await writeLock(directory, { pid: process.ppid, processStart: 'long ago', token: 'x' });
    await (await lockDirectory(directory)).release();
  });

  it('takes over if the pid is its own, since containers reuse pids', async () => {
    const directory = await temporaryDirectory();
    const processStart = (await identifyProcess(process.pid))?.start;
    await writeLock(directory, { pid: process.pid, processStart, token: 'x' });
    await (await lockDirectory(directory)).release();
  });

  it('keeps a lock whose holder may be alive', async () => {
    const directory = await temporaryDirectory();
    await writeLock(directory, { pid: process.ppid, token: 'x' });
    await expect(lockDirectory(directory)).rejects.toBeInstanceOf(DirectoryInUseError);
  });

  it('takes over an invalid lock file, and one whose take-over was interrupted', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'server.json'), '{"pid": 12');
    const racer = startProcess(
      `import { createExclusive } from './lock-record.js';
       import { createHash } from 'node:crypto';
       const name = createHash('sha256').update('{"pid": 12').digest('hex').slice(0, 32);
       await createExclusive(process.env.DIRECTORY + '/.claim-' + name,
         JSON.stringify({ pid: process.pid, token: 'y' }));`,
      { ...process.env, DIRECTORY: directory },
    );
    await racer.ended;
    expect(await readdir(directory)).toHaveLength(2);
    const lock = await lockDirectory(directory);
    expect(await readdir(directory)).toEqual(['server.json']);
    await lock.release();
  });

  it('gives a stale lock to exactly one of many contenders', async () => {
    const directory = await temporaryDirectory();
    const dead = await startHolder(directory);
    dead.child.kill('SIGKILL');
    await dead.ended;

    const source = `
      import { lockDirectory } from './lock-directory.js';
      console.log('ready');
      process.stdin.once('data', async () => {
        const what = await lockDirectory(process.env.DIRECTORY).then(() => 'won', (e) => e.name);
        console.log(what);
      });`;
    const env = { ...process.env, DIRECTORY: directory };
    const racers = Array.from({ length: 12 }, () => startProcess(source, env));
    await Promise.all(racers.map(({ output }) => output.seen(/ready/)));
    for (const { child } of racers) child.stdin.write('go\n');
    const outcomes = await Promise.all(racers.map(({ output }) => output.seen(/won|Error/)));
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'DirectoryInUseError')).toHaveLength(11);
    const winner = racers[outcomes.indexOf('won')];
    expect(await readServerInfo(directory)).toEqual({ pid: winner?.child.pid });
    expect(await readdir(directory)).toEqual(['server.json']);
  });
});
