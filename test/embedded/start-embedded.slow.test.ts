import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeDatabaseRecord } from '../../src/embedded/database-record.ts';
import { findPython } from '../../src/embedded/find-python.ts';
import { identifyProcess } from '../../src/embedded/identify-process.ts';
import { installSecantusdb } from '../../src/embedded/install-secantusdb.ts';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';
import {
  connect,
  environmentWith,
  lineQueue,
  realPython,
  start,
  temporaryDirectory,
} from './setup.ts';

const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

describe('startEmbedded', () => {
  it('supports majority writes, transactions and change streams, and keeps its data', async () => {
    const dataDir = await temporaryDirectory();
    const first = await start(dataDir);
    const client = connect(first.uri);
    const things = client.db().collection<{ _id: number }>('things');
    await things.insertOne({ _id: 1 }, DURABLE);
    const stream = things.watch([], { maxAwaitTimeMS: 100 });
    // The first answer of the server proves that the stream is open; nothing has happened yet.
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

  it('recovers from a SIGKILL at the same URI, with every acknowledged write', async () => {
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
    // The existing client continues to work.
    const kept = new Set((await things.find().toArray()).map(({ _id }) => _id));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((_id) => !kept.has(_id))).toEqual([]);
  });

  it('gives up when the database keeps exiting, and can still be closed', async () => {
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

  it('can be closed during a restart', async () => {
    const down = lineQueue();
    const dataDir = await temporaryDirectory();
    const database = await start(dataDir, { onDown: down.push, onUp: () => down.push('up') });
    process.kill(database.pid, 'SIGKILL');
    await down.seen(/SIGKILL/);
    await database.close();
    expect(await identifyProcess(database.pid)).toBeUndefined();
    expect(down.lines).toHaveLength(1);
  });

  it('uses another port if its last one is taken', async () => {
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

  it("ignores the user's secantusd.toml, and rotates a large log file", async () => {
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

/** Returns where the shared cache holds SecantusDB, installing it if necessary. */
async function installed(): Promise<{ PYTHONPATH: string; executable: string }> {
  const python = await findPython(process.env);
  if (typeof python === 'string') throw new Error(python);
  const PYTHONPATH = await installSecantusdb({ python, env: process.env, progress: () => {} });
  return { PYTHONPATH, executable: python.executable };
}
