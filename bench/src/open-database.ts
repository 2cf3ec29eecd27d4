import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import mongoose from 'mongoose';
import { processCpuMicros } from './processes/process-cpu.ts';

/** The directory into which `install-rust-server.mjs` installs. */
export const RUST_SERVER = join(import.meta.dirname, '../.rust/bin');
const EMBEDDED = join(import.meta.dirname, '../../dist/embedded/start-embedded.js');

export interface BenchDatabase {
  /** Product and version, for the tables. */
  label: string;
  /** Returns the URI of the database with this name. */
  uriOf(name: string): string;
  drop(name: string): Promise<void>;
  /** CPU time that the database server has used, in microseconds; undefined if unknown. */
  cpuMicros(): Promise<number | undefined>;
  /** Commands that the database server has received; undefined if it does not count them. */
  commands(): Promise<number | undefined>;
  /** True if an event of the log of this database has the position. */
  hasPosition(name: string, position: number): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens the database of the bench: BENCH_MONGODB_URI, else an embedded one in a temporary directory.
 * The embedded one is the Rust server if that is installed.
 */
export async function openDatabase(progress: (line: string) => void): Promise<BenchDatabase> {
  const given = process.env.BENCH_MONGODB_URI;
  if (given) {
    const connection = await mongoose.createConnection(given).asPromise();
    const { version } = await connection.getClient().db('admin').command({ buildInfo: 1 });
    await connection.close();
    return connectTo(given, { label: `MongoDB ${version} (BENCH_MONGODB_URI)` });
  }
  const directory = await mkdtemp(join(tmpdir(), 'eventline-bench-'));
  const isRust = await access(RUST_SERVER).then(
    () => true,
    () => false,
  );
  const { startEmbedded } = await import(EMBEDDED);
  const PATH = isRust ? `${RUST_SERVER}${delimiter}${process.env.PATH}` : process.env.PATH;
  const env = { ...process.env, PATH };
  const embedded = await startEmbedded({ dataDir: directory, env, progress });
  process.once('exit', () => embedded.kill());
  const database = connectTo(embedded.uri, {
    // Without the program's path: it tells nothing about the database.
    label: `${embedded.label.replace(/ \(\/.*\)$/, '')}, flushed on each commit`,
    pid: () => embedded.pid,
  });
  return {
    ...database,
    async close() {
      await database.close();
      await embedded.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function connectTo(
  base: string,
  { label, pid }: { label: string; pid?: () => number },
): BenchDatabase {
  // `URL` cannot parse several hosts.
  const uriOf = (name: string) =>
    base.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);
  const client = new mongoose.mongo.MongoClient(base);
  return {
    label,
    uriOf,
    async drop(name) {
      await client.db(name).dropDatabase();
    },
    cpuMicros: () => processCpuMicros(pid?.()),
    async commands() {
      const { network } = await client.db('admin').command({ serverStatus: 1 });
      const { numRequests } = (network ?? {}) as { numRequests?: unknown };
      return numRequests === undefined ? undefined : Number(numRequests);
    },
    async hasPosition(name, position) {
      const options = { projection: { _id: 1 } };
      return (await client.db(name).collection('events').findOne({ position }, options)) !== null;
    },
    close: () => client.close(),
  };
}
