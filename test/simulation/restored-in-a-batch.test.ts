import { expect, test } from 'vitest';
import { restoreBackup, takeBackup } from './harness/restore.ts';
import { settle } from './settle.ts';
import { deliveryOf, withInstance } from './with-instance.ts';

test('a batch does not continue behind events that a restore has taken back', () =>
  withInstance(async ({ instance, world }) => {
    const post = (number: number) => instance.post(deliveryOf(number));
    const known = deliveryOf(1);
    await settle(world, instance.post(known));
    await world.time.advance(5_000);
    const backup = takeBackup(world);
    await settle(world, post(2));
    // What arrives during an insert is the next batch. It looks the redelivery up before it goes on.
    const first = post(3);
    await world.time.advance(2);
    const batch = [post(4), instance.post(known), post(5)];
    await settle(world, first);
    await settle(world, batch[0] as (typeof batch)[0]);
    for (const { name } of world.members) {
      world.network.break('i1', name, { kind: 'slow', extraMs: 3_000 });
    }
    await world.time.advance(10);
    restoreBackup(world, backup);
    world.network.healAll();
    for (const member of world.members) world.restart(member);

    const [, , last] = await settle(world, Promise.all(batch));
    const { data, log } = world.newest();
    const stored = data.find('events', { filter: {} }, { at: log.length });
    expect(stored.map(({ position }) => position)).toEqual([1]);
    expect(last).toMatchObject({ status: 503 });
  }));
