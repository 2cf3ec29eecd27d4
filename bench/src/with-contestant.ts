import { randomUUID } from 'node:crypto';
import type { Bench } from './bench.ts';
import type { Contestant } from './contestants.ts';
import type { Ask } from './processes/calls.ts';
import { type Server, startContestant } from './start-contestant.ts';
import { startLoad } from './start-load.ts';

/** Uses a contestant and a load generator that are started for it, on a database of their own. */
export async function withContestant<T>(
  bench: Bench,
  contestant: Contestant,
  use: (server: Server, load: Ask) => Promise<T>,
): Promise<T> {
  const name = `bench-${randomUUID()}`;
  const server = await startContestant(bench, contestant, name);
  const load = startLoad();
  try {
    return await use(server, load.ask);
  } finally {
    // The load first: what ends a server must not look like a fault to it.
    await load.close();
    await server.close();
    await bench.database.drop(name);
  }
}

/** Runs something and says what processor time the server took meanwhile, in microseconds. */
export async function withCpu<T>(
  server: Pick<Server, 'usage'>,
  run: () => Promise<T>,
): Promise<T & { cpuMicros: number }> {
  const before = await server.usage();
  const result = await run();
  const after = await server.usage();
  return { ...result, cpuMicros: after.cpuMicros - before.cpuMicros };
}
