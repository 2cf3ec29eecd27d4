import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from './apply-faults.ts';
import type { Cluster, Node } from './cluster.ts';
import { createDurations, type Durations, round } from './figures.ts';
import type { Pauses } from './pauses.ts';
import { createRandom } from './random.ts';
import type { LeaseWatch, Taken } from './watch-lease.ts';

/**
 * Faults of the writer lease's holder. After `pause` and `freeze` it resumes late, and sends writes
 * it had in flight.
 */
export const holderFaults = ['kill', 'term', 'pause', 'cut', 'freeze'] as const;
export type HolderFault = (typeof holderFaults)[number];

const PAUSE_MS = 10_000;
const FREEZE_MS = [3_000, 6_000] as const;
/** How long a new holder works before its fault, in milliseconds. */
const WORK_MS = [200, 1_500] as const;
const LOOK_MS = 20;
/** A holder that still has the lease so long after its fault has kept it, in milliseconds. */
const KEPT_MS = 5_000;

export interface HolderFaultsOptions {
  lease: LeaseWatch;
  /** By server: what is excused while it has a fault. */
  pausesOf: readonly (readonly Pauses[])[];
  seed: number;
  durationMs: number;
}

export interface HolderFaults extends Faults {
  /** How often the lease was taken, and how long after each fault, in milliseconds. */
  figures(): object;
}

/**
 * Applies one fault after the other to the instance that has just taken the writer lease, until the
 * time is over. At least one instance is always healthy.
 */
export function applyHolderFaults(cluster: Cluster, options: HolderFaultsOptions): HolderFaults {
  const { lease, pausesOf, seed, durationMs } = options;
  const random = createRandom(seed, 'holder');
  const endMs = performance.now() + durationMs;
  const done: Partial<Record<HolderFault, number>> = {};
  const endsMs: number[] = [];
  const tookMs = new Map<HolderFault, Durations>();
  /** Servers with a fault that is not over. */
  const away = new Map<number, { fault: HolderFault; whole: Promise<void> }>();
  let lastOverMs = Number.NEGATIVE_INFINITY;

  async function apply(fault: HolderFault, node: Node): Promise<void> {
    const { server, databaseWay } = node;
    switch (fault) {
      case 'kill':
        await server.kill();
        return server.start();
      case 'term':
        endsMs.push(await server.terminate());
        return server.start();
      case 'pause':
        server.pause();
        await delay(PAUSE_MS);
        return server.resume();
      case 'cut':
        return databaseWay.cut();
      case 'freeze':
        databaseWay.freeze();
        await delay(random.whole(...FREEZE_MS));
        return databaseWay.restore();
    }
  }

  function start(fault: HolderFault, server: number): void {
    const pauses = pausesOf[server] ?? [];
    for (const each of pauses) each.excuse();
    const whole = apply(fault, cluster.nodes[server] as Node).then(() => {
      for (const each of pauses) each.resume();
      away.delete(server);
      lastOverMs = performance.now();
    });
    // The caller awaits the failure at the end.
    whole.catch(() => undefined);
    away.set(server, { fault, whole });
    done[fault] = (done[fault] ?? 0) + 1;
  }

  const isOver = () => performance.now() >= endMs;

  /**
   * Returns the last taking of the lease once there are more than that many, or once its server has
   * kept the lease through its fault; undefined when the time is over.
   */
  async function nextHolder(after: number): Promise<Taken | undefined> {
    while (!isOver()) {
      const taken = lease.taken().at(-1);
      const isKept = performance.now() - lastOverMs > KEPT_MS;
      const isNext = lease.taken().length > after || isKept;
      if (taken && isNext && !away.has(taken.server)) return taken;
      await delay(LOOK_MS);
    }
    return undefined;
  }

  async function run(): Promise<void> {
    let bag: HolderFault[] = [];
    let holder = await nextHolder(0);
    while (holder !== undefined && !isOver()) {
      await delay(random.whole(...WORK_MS));
      while (away.size >= cluster.nodes.length - 1 && !isOver()) await delay(LOOK_MS);
      const { server } = lease.taken().at(-1) ?? holder;
      if (away.has(server) || isOver()) {
        holder = await nextHolder(lease.taken().length);
        continue;
      }
      if (bag.length === 0) bag = [...holderFaults];
      const [fault = 'kill'] = bag.splice(random.whole(0, bag.length - 1), 1);
      const before = lease.taken().length;
      const atMs = Date.now();
      start(fault, server);
      // A connection that is cut and reopened at once does not lose the lease.
      if (fault === 'cut') continue;
      holder = await nextHolder(before);
      if (holder === undefined) return;
      if (lease.taken().length === before) continue;
      const durations = tookMs.get(fault) ?? createDurations();
      durations.add(holder.atMs - atMs);
      tookMs.set(fault, durations);
    }
  }

  const finished = run().then(async () => {
    await Promise.all([...away.values()].map(({ whole }) => whole));
  });
  finished.catch(() => undefined);
  return {
    done: () => done,
    endsMs: () => endsMs,
    underway: () => [...away].map(([server, { fault }]) => `${fault} (server-${server + 1})`),
    finished,
    figures: () => ({
      takeOvers: lease.taken().length,
      takeOverMs: Object.fromEntries(
        [...tookMs].map(([fault, durations]) => [
          fault,
          [0.5, 1].map((share) => round(durations.percentileMs(share))),
        ]),
      ),
    }),
  };
}
