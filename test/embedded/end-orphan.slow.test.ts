import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeDatabaseRecord } from '../../src/embedded/database-record.ts';
import { endOrphan } from '../../src/embedded/end-orphan.ts';
import { identifyProcess } from '../../src/embedded/identify-process.ts';
import {
  connect,
  environmentWith,
  realPython,
  start,
  startProcess,
  temporaryDirectory,
} from './setup.ts';

describe('an orphaned database', () => {
  it('of a killed server is ended, and its data is served again', async () => {
    const dataDir = await temporaryDirectory();
    const env = { ...(await environmentWith({ python3: await realPython() })), DIRECTORY: dataDir };
    const server = startProcess(
      `import { startEmbedded } from './start-embedded.js';
       import { mongo } from 'mongoose';
       const database = await startEmbedded({ dataDir: process.env.DIRECTORY });
       const client = new mongo.MongoClient(database.uri);
       await client.db().collection('things').insertOne({ _id: 1 });
       console.log('database ' + database.pid);`,
      env,
    );
    const orphan = Number((await server.output.seen(/database/)).split(' ')[1]);
    server.child.kill('SIGKILL');
    await server.ended;
    expect(await identifyProcess(orphan)).toBeDefined();

    const lines: string[] = [];
    const database = await start(dataDir, { env, progress: (line) => lines.push(line) });
    expect(lines).toEqual([
      `Ending the database of an earlier run that was killed (pid ${orphan})`,
    ]);
    expect(await identifyProcess(orphan)).toBeUndefined();
    expect(await connect(database.uri).db().collection('things').countDocuments()).toBe(1);
  });

  it('is killed if it ignores SIGTERM', async () => {
    const dataDir = await temporaryDirectory();
    const { child, exited } = await startBystander(dataDir, "process.on('SIGTERM', () => {});");
    await record(dataDir, child.pid as number);
    await endOrphan(dataDir, () => {});
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('is not a process with another command line or start time', async () => {
    const dataDir = await temporaryDirectory();
    const other = await startBystander('/somewhere/else', '');
    await record(dataDir, other.child.pid as number);
    await endOrphan(dataDir, () => expect.unreachable());
    const same = await startBystander(dataDir, '');
    await record(dataDir, same.child.pid as number, 'long ago');
    await endOrphan(dataDir, () => expect.unreachable());
    expect(await identifyProcess(other.child.pid as number)).toBeDefined();
    expect(await identifyProcess(same.child.pid as number)).toBeDefined();
  });
});

async function record(dataDir: string, pid: number, processStart?: string): Promise<void> {
  const start = processStart ?? (await identifyProcess(pid))?.start ?? '';
  await writeDatabaseRecord(dataDir, { kind: 'secantusdb', port: 1, pid, processStart: start });
}

/** Starts a process that runs until it is killed, with `word` on its command line. */
async function startBystander(word: string, code: string) {
  const script = `${code} process.stdin.resume(); console.log('ready')`;
  const child = spawn(process.execPath, ['-e', script, word], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await once(child.stdout, 'data');
  return { child, exited };
}
