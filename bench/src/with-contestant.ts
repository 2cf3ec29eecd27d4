import { randomUUID } from 'node:crypto';
import type { Bench } from './bench.ts';
import type { Contestant } from './contestants.ts';
import type { Caller } from './processes/remote-calls.ts';
import { type Server, startContestant } from './start-contestant.ts';
import { startLoad } from './start-load.ts';

/** Runs `use` with a new contestant and a new load generator, on a database of their own. */
export async function withContestant<T>(
  bench: Bench,
  contestant: Contestant,
  use: (server: Server, load: Caller) => Promise<T>,
): Promise<T> {
  const name = `bench-${randomUUID()}`;
  const server = await startContestant(bench, contestant, name);
  const load = startLoad();
  try {
    return await use(server, load.call);
  } finally {
    // The load generator first: it reports closed connections as failures.
    await load.close();
    await server.close();
    await bench.database.drop(name);
  }
}

/** Runs `run`, and adds the CPU time that the server used meanwhile, in microseconds. */
export async function withCpu<T>(
  server: Pick<Server, 'usage'>,
  run: () => Promise<T>,
): Promise<T & { cpuMicros: number }> {
  const before = await server.usage();
  const result = await run();
  const after = await server.usage();
  return { ...result, cpuMicros: after.cpuMicros - before.cpuMicros };
}
