import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// Runs the integration tests on a real MongoDB replica set: on TEST_MONGODB_URI, or on three
// members that it starts from the mongod on the PATH or from a download (the MONGOMS_* variables
// apply).

const FOLDERS = ['test/storage', 'test/log', 'test/erasure', 'test/projections', 'test/statistics'];

function systemBinary() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'mongod')).find((path) => existsSync(path));
}

/** Starts three members. Throws where there is neither a mongod nor a download. */
async function startReplicaSet() {
  const { MongoBinary, MongoMemoryReplSet } = await import('mongodb-memory-server-core');
  const program = systemBinary() ?? (await MongoBinary.getPath());
  return MongoMemoryReplSet.create({
    replSet: { count: 3, storageEngine: 'wiredTiger', dbName: 'eventline' },
    binary: { systemBinary: program },
  });
}

/** Tests replace this database name by their own. */
function withDatabase(uri) {
  const url = new URL(uri);
  url.pathname = '/eventline';
  return url.search === '' ? `${url}?` : `${url}`;
}

function runTests(uri) {
  const env = { ...process.env, TEST_MONGODB_URI: withDatabase(uri) };
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given : FOLDERS;
  const { status } = spawnSync('npx', ['--no-install', 'vitest', 'run', ...files], {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  return status ?? 1;
}

const { TEST_MONGODB_URI: given } = process.env;
if (given) process.exitCode = runTests(given);
else {
  const set = await startReplicaSet().catch((error) => {
    console.error(
      `No MongoDB to test on: ${error.message.split('\n')[0]}\n` +
        'Install MongoDB, so that mongod is on the PATH, or name a replica set: ' +
        'TEST_MONGODB_URI=mongodb://… npm run test:mongodb',
    );
    process.exitCode = 1;
  });
  if (set) {
    process.exitCode = runTests(set.getUri('eventline'));
    await set.stop();
  }
}
