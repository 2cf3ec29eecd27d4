import { expect, test } from 'vitest';
import { type Instance, startInstance } from './harness/instance.ts';
import type { Delivery } from './harness/make-delivery.ts';
import { settle } from './settle.ts';
import { deliveryOf, options, withInstance } from './with-instance.ts';

/** How long an instance may take to learn of something that another one stored, in milliseconds. */
const LEARNED_MS = 1_000;

test('a change stream does not stay on a former primary that lags', () =>
  withInstance(async ({ instance: holder, others, primary, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    const post = async (at: Instance, delivery: Delivery) =>
      (await settle(world, at.post(delivery))).body;
    // The polls and listings are rare after a quiet time.
    await world.time.advance(40_000);
    for (const { name } of others) {
      world.network.break(primary.name, name, { kind: 'refused' });
    }
    await world.time.until(() => primary.role === 'secondary', 60_000);
    await world.time.until(() => world.primary() !== undefined, 60_000);
    expect(world.primary()).not.toBe(primary);
    await world.time.advance(5_000);

    const delivery = deliveryOf(1);
    expect(await post(other, delivery)).toMatchObject({ status: 'stored' });
    await world.time.advance(LEARNED_MS);
    expect(holder.log.tailer.head()).toBe(1);
    expect(await post(holder, delivery)).toMatchObject({ status: 'duplicate', position: 1 });

    await post(holder, deliveryOf(2));
    await world.time.advance(LEARNED_MS);
    expect(other.log.tailer.head()).toBe(2);
  }));
