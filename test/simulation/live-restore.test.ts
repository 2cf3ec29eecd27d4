import { expect, test } from 'vitest';
import { startInstance } from './harness/instance.ts';
import { type Backup, declare, restoreBackup, takeBackup } from './harness/restore.ts';
import { settle } from './settle.ts';
import { deliveryOf, options, withInstance } from './with-instance.ts';
import type { World } from './world.ts';

// The documentation says to stop all servers before a restore. These do not stop.

test('an inbox entry is moved again if a restore has taken its event back', () =>
  withInstance(async ({ world, post }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    await post();
    await world.time.advance(5_000);
    const answer = other.post(deliveryOf(2));
    await world.time.until(() => find(world, 'inbox').length === 1, 60_000);
    const backup = takeBackup(world);
    await settle(world, answer);
    await world.time.until(() => find(world, 'events').length === 2, 60_000);
    restore(world, backup);
    await world.time.advance(30_000);
    await settle(world, declare(world, 11, 10), 120_000);
    await world.time.advance(60_000);
    expect(find(world, 'events').map(({ position }) => position)).toEqual([1, 12]);
    expect(find(world, 'inbox')).toEqual([]);
  }));

test.each(['before it began', 'after it began'])(
  'an erasure is not confirmed if a restore has taken it back, to a backup from %s',
  (when) =>
    withInstance(async ({ world, instance, post }) => {
      await post();
      await world.time.advance(5_000);
      const early = takeBackup(world);
      const isErased = () => !JSON.stringify(find(world, 'events')).includes('user-0000X');
      const erasure = instance.log.eraser.erase('user-0000X').then(
        () => 'confirmed',
        ({ message }) => message,
      );
      await world.time.until(() => find(world, 'erasures').length > 0, 60_000);
      const late = takeBackup(world);
      await world.time.until(isErased, 60_000);
      restore(world, when === 'before it began' ? early : late);
      await settle(world, declare(world, 11, 10), 120_000);
      expect(await settle(world, erasure, 120_000)).toMatch(/restored/);
      await settle(world, instance.log.eraser.erase('user-0000X'), 120_000);
      expect(isErased()).toBe(true);
    }),
);

function restore(world: World, backup: Backup): void {
  restoreBackup(world, backup);
  for (const member of world.members) world.restart(member);
}

function find(world: World, collection: string) {
  const { data, majorityIndex: at } = world.newest();
  return data.find(collection, { filter: {} }, { at });
}
