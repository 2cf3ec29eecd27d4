import { expect, test } from 'vitest';
import { startInstance } from './harness/instance.ts';
import type { Member } from './replica-set/member.ts';
import { settle } from './settle.ts';
import { deliveryOf, options, withInstance } from './with-instance.ts';

test('an entry that a new primary got before the change stream began is moved soon', () =>
  withInstance(async ({ others, primary, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    await settle(world, other.post(deliveryOf(8)));
    await world.time.advance(5_000);
    for (const member of others) member.isStalled = true;
    world.kill(primary);
    // The holder opens its change stream there late.
    for (const { name } of others) world.network.break('i1', name, { kind: 'slow', extraMs: 300 });
    await world.time.until(() => world.primary() !== undefined, 60_000);
    const { data, log } = world.primary() as Member;
    const isInInbox = () => data.find('inbox', { filter: {} }, { at: log.length }).length > 0;
    const posted = other.post(deliveryOf(9));
    await world.time.until(isInInbox, 60_000);
    await world.time.advance(1_000);
    world.network.healAll();
    for (const member of others) member.isStalled = false;
    expect(await settle(world, posted)).toMatchObject({ status: 200 });
    await world.time.advance(3_000);
    expect(other.log.tailer.head()).toBe(2);
  }));
