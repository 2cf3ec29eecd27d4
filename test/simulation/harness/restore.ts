import { declareRestored } from '../../../src/log/declare-restored.ts';
import { createClient } from '../driver/client.ts';
import { createMemberData } from '../replica-set/member-data.ts';
import type { Entry } from '../replica-set/oplog.ts';
import type { World } from '../world.ts';
import { openCollections } from './instance.ts';

/** What a majority had at the time of the backup. */
export interface Backup {
  entries: readonly Entry[];
}

export function takeBackup(world: World): Backup {
  const newest = world.newest();
  return { entries: newest.log.slice(0, newest.majorityIndex) };
}

/** Replaces every member's data by a backup; returns the index at which it ends. */
export function restoreBackup(world: World, { entries }: Backup): number {
  world.trace.add(`the database is restored to ${entries.length}`);
  const term = Math.max(...world.members.map((member) => member.term));
  // New objects: the restored set shares no entry with the old logs.
  const copies = entries.map((entry) => ({ ...entry, transaction: undefined }));
  for (const member of world.members) {
    world.kill(member);
    Object.assign(member, {
      term,
      log: [...copies],
      data: createMemberData(world.indexedFields),
      majorityIndex: copies.length,
      journaledIndex: copies.length,
      oplogStart: copies.length + 1,
    });
    member.committed.clear();
    member.transactions.clear();
    member.locks.clear();
    for (const entry of copies) member.data.apply(entry, copies.length);
  }
  return copies.length;
}

/** Runs `eventline restored` until it succeeds. */
export async function declare(world: World, seed: number, skip: number): Promise<void> {
  const client = createClient(world, 'operator', seed);
  const collections = openCollections(world, client);
  for (;;) {
    try {
      await declareRestored(collections, { skip });
      return;
    } catch (error) {
      world.trace.add(`eventline restored: ${error}`);
      await world.time.wait(2_000);
    }
  }
}
