import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { writeDatabaseRecord } from '../../src/embedded/database-record.ts';
import { endOrphan } from '../../src/embedded/end-orphan.ts';
import { findPython } from '../../src/embedded/find-python.ts';
import { identifyProcess } from '../../src/embedded/identify-process.ts';
import { installSecantusdb } from '../../src/embedded/install-secantusdb.ts';
import { type EmbeddedOptions, startEmbedded } from '../../src/embedded/start-embedded.ts';
import {
  compileRoom,
  environmentWith,
  lineQueue,
  realPython,
  startProcess,
  temporaryDirectory,
} from './setup.ts';

let compiled: string;
beforeAll(async () => {
  compiled = await compileRoom();
});
afterAll(() => rm(compiled, { recursive: true, force: true }));

async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}) {
  const env = options.env ?? (await environmentWith({ python3: await realPython() }));
  const database = await startEmbedded({ dataDir, ...options, env });
  onTestFinished(() => database.close());
  return database;
}

function connect(uri: string): mongo.MongoClient {
  const client = new mongo.MongoClient(uri);
  onTestFinished(() => client.close());
  return client;
}

const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

describe('startEmbedded', () => {
  it('has majority writes, transactions and change streams, and keeps its data', async () => {
    const dataDir = await temporaryDirectory();
    const first = await start(dataDir);
    const client = connect(first.uri);
    const things = client.db().collection<{ _id: number }>('things');
    await things.insertOne({ _id: 1 }, DURABLE);
    const stream = things.watch([], { maxAwaitTimeMS: 100 });
    // The stream is open when the server has answered for the first time: nothing happened yet.
    expect(await stream.tryNext()).toBeNull();
    await client.withSession((session) =>
      session.withTransaction(() => things.insertOne({ _id: 2 }, { session })),
    );
    expect(await stream.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 2 } });
    await stream.close();
    await client.close();
    await first.close();
    await first.close();
    expect(await identifyProcess(first.pid)).toBeUndefined();

    const second = await start(dataDir);
    expect(second.uri).toBe(first.uri);
    expect(await connect(second.uri).db().collection('things').countDocuments()).toBe(2);
  });

  it('comes back under the same uri after a SIGKILL, with every acknowledged write', async () => {
    const events = lineQueue();
    const database = await start(await temporaryDirectory(), {
      onDown: (reason) => events.push(`down: ${reason}`),
      onUp: () => events.push('up'),
    });
    const { uri, pid } = database;
    const client = connect(uri);
    const things = client.db().collection<{ _id: number }>('things');
    const acknowledged: number[] = [];
    const killed = new AbortController();
    const writing = (async () => {
      for (let _id = 0; !killed.signal.aborted; _id += 1) {
        await things.insertOne({ _id }, DURABLE);
        acknowledged.push(_id);
        if (_id === 100) process.kill(pid, 'SIGKILL');
      }
    })().catch(() => undefined);
    expect(await events.seen(/down/)).toMatch(/^down: SecantusDB .* ended with signal SIGKILL$/);
    await events.seen(/up/);
    killed.abort();
    await writing;
    expect(events.lines).toHaveLength(2);
    expect(database.uri).toBe(uri);
    expect(database.pid).not.toBe(pid);
    // The client that was connected before goes on.
    const kept = new Set((await things.find().toArray()).map(({ _id }) => _id));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((_id) => !kept.has(_id))).toEqual([]);
  });

  it('gives up when it keeps ending, and closes all the same', async () => {
    const dataDir = await temporaryDirectory();
    const broken = join(dataDir, 'broken');
    const { PYTHONPATH, executable } = await installed();
    const env = await environmentWith({
      'secantusd-rs': `[ "$1" = --version ] && echo "secantusd-rs 0" && exit 0
        [ -e ${broken} ] && echo "out of order" && exit 3
        PYTHONPATH=${PYTHONPATH} exec ${executable} -m secantus "$@"`,
    });
    const events = lineQueue();
    const database = await start(dataDir, {
      env,
      onDown: (reason) => events.push(`down: ${reason}`),
      onUp: () => events.push('up'),
      onGaveUp: (error) => events.push(`gave up: ${error.message}`),
    });
    expect(database.kind).toBe('secantusd-rs');
    await writeFile(broken, '');
    process.kill(database.pid, 'SIGKILL');
    const last = await events.seen(/gave up/);
    expect(last).toMatch(/ended 6 times within a minute and is not started again/);
    expect(last).toMatch(/exit code 3.*out of order/s);
    expect(events.lines).toHaveLength(2);
    await database.close();
  });

  it('can be closed while it is being started again', async () => {
    const down = lineQueue();
    const dataDir = await temporaryDirectory();
    const database = await start(dataDir, { onDown: down.push, onUp: () => down.push('up') });
    process.kill(database.pid, 'SIGKILL');
    await down.seen(/SIGKILL/);
    await database.close();
    expect(await identifyProcess(database.pid)).toBeUndefined();
    expect(down.lines).toHaveLength(1);
  });

  it('takes another port when its last one is taken', async () => {
    const dataDir = await temporaryDirectory();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await writeDatabaseRecord(dataDir, { kind: 'secantusdb', port });
    const database = await start(dataDir);
    expect(new URL(database.uri).port).not.toBe(String(port));
  });

  it('shows the end of the output when the database does not start', async () => {
    const env = await environmentWith({
      'secantusd-rs': '[ "$1" = --version ] && exit 0; echo "cannot open WiredTiger"; exit 7',
    });
    const dataDir = await temporaryDirectory();
    await expect(startEmbedded({ dataDir, env })).rejects.toThrow(
      /ended with exit code 7\. Its output, from .*database\.log:\ncannot open WiredTiger$/,
    );
  });

  it('is not changed by a secantusd.toml of the user, and puts a large log aside', async () => {
    const HOME = await temporaryDirectory();
    const dataDir = await temporaryDirectory();
    await writeFile(join(dataDir, 'secantusd.toml'), '[server]\nauth = true\nunknown = 1\n');
    await writeFile(join(dataDir, 'database.log'), Buffer.alloc(10 * 1024 * 1024 + 1, 'x'));
    const env = await environmentWith({ python3: await realPython() });
    const cache = process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache');
    const database = await start(dataDir, { env: { ...env, HOME, XDG_CACHE_HOME: cache } });
    await connect(database.uri).db().collection('things').insertOne({});
    expect(await readFile(join(dataDir, 'database.log'), 'utf8')).not.toContain('xxx');
    expect((await readFile(join(dataDir, 'database.log.1'))).length).toBeGreaterThan(10_000_000);
  });
});

describe('an orphan', () => {
  it('of a server that was killed is ended, and its data served', async () => {
    const dataDir = await temporaryDirectory();
    const env = { ...(await environmentWith({ python3: await realPython() })), DIRECTORY: dataDir };
    const server = startProcess(
      compiled,
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

  it('is ended even if it does not listen to SIGTERM', async () => {
    const dataDir = await temporaryDirectory();
    const { child, exited } = await bystander(dataDir, "process.on('SIGTERM', () => {});");
    await record(dataDir, child.pid as number);
    await endOrphan(dataDir, () => {});
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('is nobody whose command line or start time is another', async () => {
    const dataDir = await temporaryDirectory();
    const other = await bystander('/somewhere/else', '');
    await record(dataDir, other.child.pid as number);
    await endOrphan(dataDir, () => expect.unreachable());
    const same = await bystander(dataDir, '');
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

/** A process that runs until it is killed, with `word` on its command line. */
async function bystander(word: string, code: string) {
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

/** Where the shared cache has SecantusDB, installing it if this is the first test to run. */
async function installed(): Promise<{ PYTHONPATH: string; executable: string }> {
  const python = await findPython(process.env);
  if (typeof python === 'string') throw new Error(python);
  const PYTHONPATH = await installSecantusdb({ python, env: process.env, progress: () => {} });
  return { PYTHONPATH, executable: python.executable };
}
