import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Contestant } from '../contestants.ts';
import type { ClosedLoop } from '../load/run-closed-loop.ts';
import type { Paced } from '../load/run-paced.ts';
import type { Figures } from '../measure-in-rounds.ts';
import type { Caller } from '../processes/remote-calls.ts';
import { signToken } from '../sign-token.ts';
import { type Server, startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';
import { WARM_UP } from './one-of-many.ts';

export const CONNECTIONS = 60;
export const RATE = 100;
/** More instances are measured in the closed loop only. */
const MAX_INSTANCES_PACED = 3;
const USERS = 500;
/** Deliveries that are prepared per second. */
const MAX_RATE = 8_000;
/** After the start and after the last delivery, before an idle instance is measured. */
const SETTLE_MS = 3_000;
const POLL_MS = 20;
/** The log must have every acknowledged event within this time. */
const LOG_TIMEOUT_MS = 60_000;

export interface Durations {
  idleMs: number;
  pacedMs: number;
  closedMs: number;
}

interface Running {
  bench: Bench;
  databaseName: string;
  server: Server;
  load: Caller;
  durations: Durations;
}

/** Measures all instances of a contestant, together, on a database of their own. */
export async function measureInstances(
  bench: Bench,
  contestant: Contestant,
  durations: Durations,
): Promise<Figures> {
  const databaseName = `bench-${randomUUID()}`;
  const server = await startContestant(bench, contestant, databaseName);
  const load = startLoad();
  const running = { bench, databaseName, server, load: load.call, durations };
  try {
    await load.call('posters', { ports: server.ports, count: CONNECTIONS });
    const isClosedLoopOnly = contestant.server || server.ports.length > MAX_INSTANCES_PACED;
    if (isClosedLoopOnly) return await measureClosedLoop(running);
    const idle = await measureIdle(running);
    const closed = await measureClosedLoop(running);
    return { ...idle, ...closed, ...(await measurePaced(running)) };
  } finally {
    // The load generator first: it reports closed connections as failures.
    await load.close();
    await server.close();
    await bench.database.drop(databaseName);
  }
}

/** Commands to the database and CPU while nothing is posted, per second. */
async function measureIdle(running: Running): Promise<Figures> {
  const { idleMs } = running.durations;
  await delay(SETTLE_MS);
  const { commands, serverMicros } = await usedDuring(running, () => delay(idleMs));
  const seconds = idleMs / 1_000;
  return { idleCommands: commands / seconds, idleCpu: serverMicros / seconds };
}

async function measureClosedLoop(running: Running): Promise<Figures> {
  const { load, server, durations } = running;
  const options = { users: USERS, firstUser: 0, isDelivered: false };
  const prepare = (ms: number, minEvents: number) => {
    const maxEvents = Math.ceil((ms / 1_000) * MAX_RATE) + minEvents + CONNECTIONS;
    return load('prepareClosedLoop', { ...options, ms, minEvents, maxEvents });
  };
  // V8 compiles in each process after a number of calls.
  await prepare(WARM_UP.ms, WARM_UP.minEvents * server.ports.length);
  const warmUp = await load<ClosedLoop>('run');
  await untilInLog(running, warmUp.events);
  await prepare(durations.closedMs, 0);
  // What is still on its way into the log belongs to the cost of the events.
  let inLogMs = 0;
  const { result, ...used } = await usedDuring(running, async () => {
    const closed = await load<ClosedLoop>('run');
    const answeredMs = performance.now();
    await untilInLog(running, warmUp.events + closed.events);
    inLogMs = performance.now() - answeredMs;
    return closed;
  });
  const { events, seconds, p50Ms, p99Ms, leastShare } = result;
  return {
    rate: events / seconds,
    ...{ p50Ms, p99Ms, leastShare, inLogMs },
    cpu: used.serverMicros / events,
    databaseCpu: used.databaseMicros / events,
  };
}

/** A fixed rate, with one subscriber to all events on each instance. */
async function measurePaced(running: Running): Promise<Figures> {
  const { load, server, durations } = running;
  const { ports } = server;
  await load('subscriberOnEach', { ports, token: signToken() });
  await delay(SETTLE_MS);
  await load('preparePaced', {
    ...{ ms: durations.pacedMs, rate: RATE, users: USERS, copies: ports.length },
  });
  const { result, ...used } = await usedDuring(running, () => load<Paced>('run'));
  const { events, p50Ms, elsewhereP50Ms, answerP50Ms, answerP99Ms } = result;
  return {
    ...{ pacedP50Ms: answerP50Ms, pacedP99Ms: answerP99Ms },
    seenP50Ms: ports.length === 1 ? p50Ms : elsewhereP50Ms,
    pacedCpu: used.serverMicros / events,
    pacedDatabaseCpu: used.databaseMicros / events,
    pacedCommands: used.commands / events,
  };
}

/** Runs `run`, and returns what the instances and the database used meanwhile. */
async function usedDuring<T>({ bench, server }: Running, run: () => Promise<T>) {
  const { database } = bench;
  const read = async () => ({
    commands: (await database.commands()) ?? Number.NaN,
    databaseMicros: (await database.cpuMicros()) ?? Number.NaN,
    serverMicros: (await server.usage()).cpuMicros,
  });
  const before = await read();
  const result = await run();
  const after = await read();
  return {
    result,
    commands: after.commands - before.commands,
    databaseMicros: after.databaseMicros - before.databaseMicros,
    serverMicros: after.serverMicros - before.serverMicros,
  };
}

/** Resolves when the log holds so many events. */
async function untilInLog({ bench, databaseName }: Running, events: number): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    const count = await bench.database.count(databaseName, 'events');
    if (count === events) return;
    if (count > events) throw new Error(`the log has ${count} events; acknowledged: ${events}`);
    if (performance.now() - startedMs > LOG_TIMEOUT_MS) {
      throw new Error(`${events - count} of ${events} acknowledged events are not in the log`);
    }
    await delay(POLL_MS);
  }
}
