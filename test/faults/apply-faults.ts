import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Node } from './cluster.ts';
import type { Fault, FaultKind } from './fault-plan.ts';
import { createRandom } from './random.ts';

export interface Faults {
  /** How many faults of each kind are done. */
  done(): Readonly<Partial<Record<string, number>>>;
  /** Duration of each SIGTERM until the exit, in milliseconds. */
  endsMs(): readonly number[];
  /** Descriptions of faults whose targets have not recovered yet. */
  underway(): readonly string[];
  /** Resolves when all faults are done and every target has recovered. */
  finished: Promise<void>;
}

/** A connection that is cut midway is cut within this many bytes. */
const MAX_BYTES_LEFT = 3_000;

/**
 * Applies the planned faults at their times. If a target has not recovered from its last fault, the
 * next one waits. After each fault the target is restored.
 */
export function applyFaults(cluster: Cluster, plan: readonly Fault[], seed: number): Faults {
  const startedMs = performance.now();
  const done: Partial<Record<FaultKind, number>> = {};
  const endsMs: number[] = [];
  const turns = new Map<string, Promise<void>>();
  const underway = new Set<Fault>();

  async function apply({ kind, server, forMs }: Fault, index: number): Promise<void> {
    const node = cluster.nodes[server] as Node;
    const { clientWay, databaseWay } = node;
    done[kind] = (done[kind] ?? 0) + 1;
    switch (kind) {
      case 'server-kill':
        await node.server.kill();
        return node.server.start();
      case 'server-term':
        endsMs.push(await node.server.terminate());
        return node.server.start();
      case 'server-pause':
        return during(forMs, node.server.pause, node.server.resume);
      case 'database-kill':
        return cluster.database.kill();
      case 'database-pause':
        return during(forMs, cluster.database.pause, cluster.database.resume);
      case 'client-cut':
        return clientWay.cut();
      case 'client-cut-midway': {
        const random = createRandom(seed, 'midway', index);
        for (const link of clientWay.links) link.leftBytes = random.whole(0, MAX_BYTES_LEFT);
        return;
      }
      case 'client-refuse':
        return during(forMs, clientWay.refuse, clientWay.restore);
      case 'client-freeze':
        return during(forMs, clientWay.freeze, clientWay.restore);
      case 'database-cut':
        return databaseWay.cut();
      case 'database-refuse':
        return during(forMs, databaseWay.refuse, databaseWay.restore);
      case 'database-freeze':
        return during(forMs, databaseWay.freeze, databaseWay.restore);
    }
  }

  async function schedule(fault: Fault, index: number): Promise<void> {
    await delay(Math.max(0, startedMs + fault.atMs - performance.now()));
    const target = targetOf(fault);
    const turn = (turns.get(target) ?? Promise.resolve()).then(() => apply(fault, index));
    turns.set(target, turn);
    underway.add(fault);
    await turn;
    underway.delete(fault);
  }

  const finished = Promise.all(plan.map(schedule)).then(() => undefined);
  // The caller awaits the failure later.
  finished.catch(() => undefined);
  return {
    done: () => done,
    endsMs: () => endsMs,
    underway: () => [...underway].map(({ kind, server }) => `${kind} (server-${server + 1})`),
    finished,
  };
}

async function during(forMs: number, start: () => void, end: () => void): Promise<void> {
  start();
  await delay(forMs);
  end();
}

/** Names the target, which suffers one fault at a time. */
function targetOf({ kind, server }: Fault): string {
  if (kind === 'database-kill' || kind === 'database-pause') return 'database';
  const [part] = kind.split('-');
  return `${part} ${server}`;
}
