import { createClient, type SimulatedClient } from '../driver/client.ts';
import { createCollection } from '../driver/collection.ts';
import { inWorld } from '../open-world.ts';
import { settle } from '../settle.ts';
import type { World } from '../world.ts';
import type { Member } from './member.ts';

const profile = { electionTimeoutMs: 1_000, lag: 0 };

export interface Given {
  world: World;
  client: SimulatedClient;
  events: ReturnType<typeof createCollection>;
  primary: Member;
  others: Member[];
  /** Settles a promise by advancing virtual time. */
  settle<T>(promise: Promise<T>, maxMs?: number): Promise<T>;
}

/** Runs a test with a client of a set that has a primary. */
export async function withSet(work: (given: Given) => Promise<void>): Promise<void> {
  await inWorld({ seed: 7, profile }, async (world) => {
    world.createIndex('events', ['position'], true);
    await world.time.until(() => world.primary() !== undefined, 60_000);
    await world.time.advance(1_000);
    const client = createClient(world, 'c1', 1);
    await world.time.advance(100);
    const primary = world.primary() as Member;
    const others = world.members.filter((one) => one !== primary);
    await work({
      ...{ world, client, primary, others },
      events: createCollection(world, client, 'events'),
      settle: (promise, maxMs) => settle(world, promise, maxMs),
    });
  });
}

export const event = (position: number, id = `e${position}`) => ({ _id: id, position });
export const W1 = { writeConcern: { w: 1 } };
export const positionsOf = (documents: unknown[]) =>
  documents.map((one) => (one as { position: number }).position);
