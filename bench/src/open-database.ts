import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import mongoose from 'mongoose';
import { processCpuMicros } from './processes/process-cpu.ts';

/** Where `install-rust-server.mjs` puts the program. */
export const RUST_SERVER = join(import.meta.dirname, '../.rust/bin');
const EMBEDDED = join(import.meta.dirname, '../../dist/embedded/start-embedded.js');

export interface BenchDatabase {
  /** What it is, for the tables. */
  label: string;
  /** The URI of a database of that name. */
  uriOf(name: string): string;
  drop(name: string): Promise<void>;
  /** Processor time that the server has used, in microseconds, where that can be told. */
  cpuMicros(): Promise<number | undefined>;
  close(): Promise<void>;
}

/**
 * The database of the bench: BENCH_MONGODB_URI, else the embedded one in a directory of its own,
 * which takes the Rust server when that was installed.
 */
export async function openDatabase(progress: (line: string) => void): Promise<BenchDatabase> {
  const given = process.env.BENCH_MONGODB_URI;
  if (given) {
    const connection = await mongoose.createConnection(given).asPromise();
    const { version } = await connection.getClient().db('admin').command({ buildInfo: 1 });
    await connection.close();
    return over(given, { label: `MongoDB ${version} (BENCH_MONGODB_URI)` });
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
  const database = over(embedded.uri, {
    // The place of the program is nobody's business.
    label: `${embedded.label.replace(/ \(\/.*\)$/, '')}, flushed on each commit`,
    pid: () => embedded.pid,
  });
  return {
    ...database,
    async close() {
      await embedded.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function over(base: string, { label, pid }: { label: string; pid?: () => number }): BenchDatabase {
  // Not by `URL`, which takes one host alone.
  const uriOf = (name: string) =>
    base.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);
  return {
    label,
    uriOf,
    async drop(name) {
      const connection = await mongoose.createConnection(uriOf(name)).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
    cpuMicros: () => processCpuMicros(pid?.()),
    close: async () => undefined,
  };
}
