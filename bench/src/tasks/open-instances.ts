import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Contestant } from '../contestants.ts';
import type { ClosedLoop } from '../load/run-closed-loop.ts';
import type { Paced } from '../load/run-paced.ts';
import type { Figures } from '../measure-in-rounds.ts';
import { openDatabase } from '../open-database.ts';
import { signToken } from '../sign-token.ts';
import { startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';

export const CONNECTIONS = 60;
export const RATE = 100;
export const LOW_RATE = 20;
const USERS = 500;
/** Deliveries that are prepared per second. */
const MAX_RATE = 8_000;
/** Deliveries to each instance before the first slice: V8 compiles after a number of calls. */
const WARM_UP_EVENTS = 1_000;
/** After load, before an idle instance is measured. */
const SETTLE_MS = 2_000;
const POLL_MS = 20;
/** The log must have every acknowledged event within this time. */
const LOG_TIMEOUT_MS = 60_000;

/** All instances of a contestant, with a database server and a load generator of their own. */
export interface Instances {
  /** Posts nothing, and measures commands to the database and CPU per second. */
  idle(ms: number): Promise<Figures>;
  /** Posts over all connections, each with the next delivery after the answer to the last one. */
  closedLoop(ms: number): Promise<Figures>;
  /** Posts `RATE` deliveries a second; a subscriber on each instance gets all events. */
  paced(ms: number): Promise<Figures>;
  /** The same with `LOW_RATE`. */
  lowRate(ms: number): Promise<Figures>;
  close(): Promise<void>;
}

/** Starts and warms up all instances of a contestant. */
export async function openInstances(bench: Bench, contestant: Contestant): Promise<Instances> {
  const database = await openDatabase(bench.progress);
  const name = `bench-${randomUUID()}`;
  const server = await startContestant({ ...bench, database }, contestant, name);
  const load = startLoad();
  const { ports } = server;
  /** Where the first event lies. */
  const firstPosition = contestant.server ? 0 : 1;
  let acknowledged = 0;
  let hasSubscribers = false;

  async function post(ms: number, minEvents = 0): Promise<ClosedLoop> {
    const maxEvents = Math.ceil((ms / 1_000) * MAX_RATE) + minEvents + CONNECTIONS;
    const options = { users: USERS, firstUser: 0, isDelivered: false };
    await load.call('prepareClosedLoop', { ...options, ms, minEvents, maxEvents });
    const closed = await load.call<ClosedLoop>('run');
    acknowledged += closed.events;
    return closed;
  }

  /** Resolves when the log holds all acknowledged events, and no other one. */
  async function untilInLog(): Promise<void> {
    const startedMs = performance.now();
    const last = firstPosition + acknowledged - 1;
    while (!(await database.hasPosition(name, last))) {
      if (performance.now() - startedMs > LOG_TIMEOUT_MS) {
        throw new Error(`the log does not hold all ${acknowledged} acknowledged events`);
      }
      await delay(POLL_MS);
    }
    if (await database.hasPosition(name, last + 1)) {
      throw new Error(`the log holds more events than the ${acknowledged} that were acknowledged`);
    }
  }

  /** Runs `run`, and returns what the instances and the database used meanwhile. */
  async function usedDuring<T>(run: () => Promise<T>) {
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

  /** Posts at a fixed rate; the first call opens a subscriber to all events on each instance. */
  async function postAt(rate: number, ms: number) {
    if (!hasSubscribers) await load.call('subscriberOnEach', { ports, token: signToken() });
    hasSubscribers = true;
    await load.call('preparePaced', { ms, rate, users: USERS, copies: ports.length });
    const { result, ...used } = await usedDuring(() => load.call<Paced>('run'));
    const { events } = result;
    return {
      result,
      cpu: used.serverMicros / events,
      databaseCpu: used.databaseMicros / events,
      commands: used.commands / events,
    };
  }

  async function close(): Promise<void> {
    // The load generator first: it reports closed connections as failures.
    await load.close();
    await server.close();
    await database.drop(name);
    await database.close();
  }

  try {
    await load.call('posters', { ports, count: CONNECTIONS });
    await post(0, WARM_UP_EVENTS * ports.length);
    await untilInLog();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    async idle(ms) {
      await delay(SETTLE_MS);
      const { commands, serverMicros } = await usedDuring(() => delay(ms));
      const seconds = ms / 1_000;
      return { idleCommands: commands / seconds, idleCpu: serverMicros / seconds };
    },
    async closedLoop(ms) {
      let inLogMs = 0;
      // What is still on its way into the log belongs to the cost of the events.
      const { result, ...used } = await usedDuring(async () => {
        const closed = await post(ms);
        const answeredMs = performance.now();
        await untilInLog();
        inLogMs = performance.now() - answeredMs;
        return closed;
      });
      const { events, seconds, p50Ms, p99Ms, leastShare } = result;
      return {
        ...{ rate: events / seconds, p50Ms, p99Ms, leastShare, inLogMs },
        cpu: used.serverMicros / events,
        databaseCpu: used.databaseMicros / events,
        commands: used.commands / events,
        load: loadavg()[0] ?? Number.NaN,
      };
    },
    async paced(ms) {
      const { result, cpu, databaseCpu, commands } = await postAt(RATE, ms);
      const { p50Ms, elsewhereP50Ms, answerP50Ms, answerP99Ms } = result;
      return {
        ...{ pacedP50Ms: answerP50Ms, pacedP99Ms: answerP99Ms },
        seenP50Ms: ports.length === 1 ? p50Ms : elsewhereP50Ms,
        ...{ pacedCpu: cpu, pacedDatabaseCpu: databaseCpu, pacedCommands: commands },
      };
    },
    async lowRate(ms) {
      const { cpu, databaseCpu, commands } = await postAt(LOW_RATE, ms);
      return { lowRateCpu: cpu, lowRateDatabaseCpu: databaseCpu, lowRateCommands: commands };
    },
    close,
  };
}
