import { expect, test } from 'vitest';
import { createRandom } from '../faults/random.ts';
import { startInstance } from './harness/instance.ts';
import { makeDelivery } from './harness/make-delivery.ts';
import type { Member } from './replica-set/member.ts';
import { settle } from './settle.ts';
import { options, withInstance } from './with-instance.ts';
import type { World } from './world.ts';

const USER = 'user-0002X';

test('an event is stored once though the holder does not know of the erasure of a user in it', () =>
  withInstance(async ({ instance, post, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    await post();
    await world.time.advance(5_000);
    const random = { ...createRandom(1), chance: () => false, pick: secondOf };
    const delivery = makeDelivery(1, 0, random, { met: 2 });
    const { name } = world.primary() as Member;
    world.network.break('i1', name, { kind: 'slow', extraMs: 1_000 });
    const erasure = other.log.eraser.erase(USER);
    await world.time.until(() => other.log.state.epoch() > 0, 60_000);
    expect(await settle(world, other.post(delivery))).toMatchObject({ status: 503 });
    expect(instance.log.state.epoch()).toBe(0);
    expect((await settle(world, instance.post(delivery))).body).toMatchObject({ position: 2 });
    world.network.healAll();
    await settle(world, erasure, 120_000);
    for (const at of [instance, other]) {
      const { body } = await settle(world, at.post(delivery));
      expect(body).toMatchObject({ status: 'duplicate', position: 2 });
    }
    expect(eventsOf(world)).toHaveLength(2);
    expect(JSON.stringify(eventsOf(world))).not.toContain(USER);
  }));

test('a primary that was stopped does not give out what was erased meanwhile', () =>
  withInstance(async ({ instance, others, post, primary, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    await post(true, 2);
    await world.time.advance(5_000);
    // The instance reaches no other member, so it does not learn of the erasure.
    for (const { name } of others) world.network.break('i1', name, { kind: 'refused' });
    world.pause(primary);
    const isElected = () => others.some(({ role }) => role === 'primary');
    await world.time.until(isElected, 60_000);
    await world.time.advance(5_000);
    await settle(world, other.log.eraser.erase(USER), 120_000);
    const next = instance.feed.subscribe({}, 0).next();
    world.resume(primary);
    await world.time.advance(2_000);
    world.network.healAll();
    const { value } = await settle(world, next);
    expect(value).toMatchObject({ position: 1 });
    expect(JSON.stringify(value)).not.toContain(USER);
  }));

function secondOf<T>(items: readonly T[]): T {
  return items[1] as T;
}

function eventsOf(world: World) {
  const { data, log } = world.newest();
  return data.find('events', { filter: {} }, { at: log.length });
}
