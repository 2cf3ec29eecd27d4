import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';
import { environmentWith, temporaryDirectory } from './setup.ts';

// These tests prove our half: the command line, the order of commands, the waiting. The machines
// have no mongod, so fake-mongod.mjs answers as MongoDB's source says.

async function startMongod(dataDir: string) {
  const mongod = `exec ${process.execPath} ${resolve('test/embedded/fake-mongod.mjs')} "$@"`;
  const env = await environmentWith({ mongod });
  const database = await startEmbedded({ dataDir, env });
  onTestFinished(() => database.close());
  return { database, port: Number(new URL(database.uri).port) };
}

async function storedConfig(dataDir: string): Promise<unknown> {
  return JSON.parse(await readFile(join(dataDir, 'mongod', 'config.json'), 'utf8'));
}

it('initiates a fresh mongod as a set of one member, and waits for the primary', async () => {
  const dataDir = await temporaryDirectory();
  const { database, port } = await startMongod(dataDir);
  expect(database.kind).toBe('mongod');
  expect(database.label).toMatch(/^MongoDB 8\.0\.4 \(\/.*mongod\)$/);
  expect(await storedConfig(dataDir)).toEqual({
    _id: 'eventline',
    version: 1,
    members: [{ _id: 0, host: `127.0.0.1:${port}` }],
  });
});

it('leaves the set unchanged after a restart on the same port', async () => {
  // Another process may take the port in between, which the next test is about.
  for (let attempt = 1; ; attempt += 1) {
    const dataDir = await temporaryDirectory();
    const first = await startMongod(dataDir);
    await first.database.close();
    const second = await startMongod(dataDir);
    if (second.port !== first.port && attempt < 5) continue;
    expect(second.port).toBe(first.port);
    return expect(await storedConfig(dataDir)).toMatchObject({ version: 1 });
  }
});

it("updates the member's address if its port was taken", async () => {
  const dataDir = await temporaryDirectory();
  const first = await startMongod(dataDir);
  await first.database.close();
  const other = createServer().listen(first.port, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const second = await startMongod(dataDir);
  expect(second.port).not.toBe(first.port);
  expect(await storedConfig(dataDir)).toMatchObject({
    version: 2,
    members: [{ _id: 0, host: `127.0.0.1:${second.port}` }],
  });
});
