import { expect, test } from 'vitest';
import { declareRestored } from '../../src/log/declare-restored.ts';
import { removeAnnounced } from '../../src/log/remove-announced.ts';
import { createProjectionBatches } from '../../src/projections/projection-batches.ts';
import { createRandom } from '../faults/random.ts';
import { type Instance, startInstance } from './harness/instance.ts';
import { makeDelivery } from './harness/make-delivery.ts';
import type { Member } from './replica-set/member.ts';
import { settle } from './settle.ts';
import { deliveryOf, type Given, options, withInstance } from './with-instance.ts';
import type { World } from './world.ts';

test('a new primary with a lagging majority snapshot is not mistaken for a restored database', () =>
  withInstance(async ({ instance, others, post, primary, world }) => {
    await post();
    await world.time.advance(5_000);
    const position = await postUnknownTo(others, post);
    await failOver(world, primary, others);
    await world.time.advance(500);
    await expect(settle(world, instance.log.tailer.catchUp())).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.not.stringContaining('lost events'),
    });
    for (const member of others) member.isStalled = false;
    await world.time.advance(5_000);
    expect(await settle(world, instance.log.tailer.catchUp())).toBe(position);
  }));

test('a cursor of another instance is valid after an election', () =>
  withInstance(async ({ instance, others, post, primary, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    await post();
    await world.time.advance(5_000);
    expect(other.log.tailer.head()).toBe(1);
    // Cuts the other instance off from new events.
    for (const { name } of world.members) world.network.break('i2', name, { kind: 'refused' });
    const position = await postUnknownTo(others, post);
    const cursor = instance.log.cursors.encode(position);
    await failOver(world, primary, others);
    world.network.healAll();
    await world.time.advance(1_000);
    const early = other.log.positionOf(cursor).catch((error) => error.code);
    expect(await settle(world, early)).toBe('SERVICE_UNAVAILABLE');
    for (const member of others) member.isStalled = false;
    await world.time.advance(5_000);
    expect(await settle(world, other.log.positionOf(cursor))).toBe(position);
  }));

test('a delivery for quarantine is answered in time without a majority', () =>
  withInstance(async ({ others, post, world }) => {
    for (const member of others) member.isStalled = true;
    const before = world.time.nowMs();
    expect(await post(false)).toMatchObject({ status: 503 });
    expect(world.time.nowMs() - before).toBeLessThanOrEqual(15_000);
  }));

test('an erasure also waits until events announced by retention are deleted', () =>
  withInstance(
    async ({ instance, post, world }) => {
      await post(true, 0);
      await post(true, 2);
      await post(true, 2);
      // The next check of retention announces it, and it is kept for 15 s more.
      await world.time.until(() => isAnnounced(world), 60_000);
      await settle(world, instance.log.eraser.erase('user-0000X'), 120_000);
      const { data, log } = world.newest();
      const left = data.find('events', { filter: {} }, { at: log.length });
      expect(JSON.stringify(left)).not.toContain('user-0000X');
    },
    { keepMs: 20_000 },
  ));

test.each([
  { name: 'all events', filter: {} },
  {
    name: 'some types',
    filter: { types: ['user_logged_in', 'app_opened', 'message_sent', 'unknown'] },
  },
])(
  'a subscription to $name waits for an event that a new primary does not show yet',
  ({ filter }) =>
    withInstance(async ({ instance, others, post, primary, world }) => {
      await post();
      await world.time.advance(5_000);
      const position = await postUnknownTo(others, post);
      await failOver(world, primary, others);
      await world.time.advance(500);
      const next = instance.feed.subscribe(filter, position - 1).next();
      await world.time.advance(3_000);
      for (const member of others) member.isStalled = false;
      expect(await settle(world, next)).toMatchObject({ value: { position } });
    }),
);

test('a read is repeated if its end was shown only after it', () =>
  withInstance(async ({ instance, others, post, primary, world }) => {
    await post();
    await world.time.advance(5_000);
    const position = await postUnknownTo(others, post);
    await failOver(world, primary, others);
    await world.time.advance(500);
    const { name } = world.primary() as Member;
    // The snapshot grows between the read and the look at its end, which travel for a second.
    world.network.break('i1', name, { kind: 'slow', extraMs: 1_000 });
    const isRead = () =>
      world.trace.lines().some((line) => line.endsWith(`${name} find events ok ${position - 1}`));
    expect(isRead()).toBe(false);
    const next = instance.feed.subscribe({}, position - 1).next();
    await world.time.until(isRead, 60_000);
    for (const member of others) member.isStalled = false;
    expect(await settle(world, next)).toMatchObject({ value: { position } });
  }));

test('a read of several windows is repeated if the last one saw more than the first', () =>
  withInstance(async ({ instance, others, post, primary, world }) => {
    await post();
    await world.time.advance(5_000);
    const batch = Array.from({ length: 7 }, (_, index) => instance.post(deliveryOf(20 + index)));
    await settle(world, Promise.all(batch));
    await failOver(world, primary, others);
    await world.time.advance(500);
    const { name } = world.primary() as Member;
    world.network.break('i1', name, { kind: 'slow', extraMs: 1_000 });
    const misses = () =>
      world.trace.lines().filter((line) => line.endsWith(`${name} find events ok 0`)).length;
    const known = misses();
    const read = instance.log.reader.read({ after: 1, upTo: 8 }, { limit: 3, isPublished: true });
    // The snapshot grows while the third window travels.
    await world.time.until(() => misses() >= known + 2, 60_000);
    for (const member of others) member.isStalled = false;
    const { events } = await settle(world, read);
    expect(events.map(({ position }) => position)).toEqual([2, 3, 4]);
  }));

test('projections wait for an event that a new primary does not show yet', () =>
  withInstance(async ({ instance, others, post, primary, world }) => {
    const { log } = instance;
    const batches = createProjectionBatches(log);
    await post();
    await settle(world, batches.applyNext(10));
    await world.time.advance(5_000);
    const position = await postUnknownTo(others, post);
    await failOver(world, primary, others);
    await world.time.advance(500);
    const early = batches.applyNext(10).catch(() => 0);
    await world.time.advance(3_000);
    for (const member of others) member.isStalled = false;
    await settle(world, early);
    await world.time.advance(5_000);
    while ((await settle(world, batches.readCheckpoint())) < position) {
      await settle(world, batches.applyNext(10));
    }
    const users = await settle(world, log.collections.users.find({}).toArray());
    expect(users.map(({ lastPosition }) => lastPosition)).toEqual([position]);
  }));

test.each([
  { name: 'all events', filter: {} },
  { name: 'a user', filter: { userIds: ['u'] } },
])(
  'a live subscription to $name ends if events are removed before its instance sees them',
  ({ filter }) =>
    withInstance(
      async ({ post, world }) => {
        const other = await settle(world, startInstance(world, 'i2', 11, options));
        await post();
        await world.time.until(() => other.log.tailer.head() === 1, 60_000);
        const next = other.feed.subscribe(filter, 1).next();
        const ended = expect(next).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
        expect(other.feed.size()).toBe(1);
        for (const { name } of world.members) world.network.break('i2', name, { kind: 'refused' });
        await post();
        // The last event is kept.
        await post();
        await world.time.until(() => isAnnounced(world, 2), 60_000);
        world.network.healAll();
        await world.time.advance(20_000);
        await post();
        await settle(world, ended);
        expect(other.feed.open()).toBe(0);
      },
      { keepMs: 20_000 },
    ),
);

test('a removal of old events begins again when a backup replaces the database', () =>
  withInstance(async ({ instance, post, world }) => {
    const { collections } = instance.log;
    for (let left = 4; left > 0; left -= 1) await post();
    const note = (removedUpTo: number, deletedUpTo: number) =>
      collections.bounds.updateOne(
        { _id: 'bounds' },
        { $set: { removedUpTo, deletedUpTo } },
        { upsert: true },
      );
    await settle(world, note(3, 1));
    const { signal } = new AbortController();
    // The backup is from before the first removal, and from before the announcement of the last.
    const pause = async () => void (await note(2, 0));
    expect(await settle(world, removeAnnounced({ collections, pause, signal }))).toBe(2);
    const left = await settle(world, collections.events.find({}).toArray());
    expect(left.map(({ position }) => position)).toEqual([3, 4]);
  }));

test('a declared restore keeps what a server appended before it noticed, and no majority had', () =>
  withInstance(async ({ instance, others, post, world }) => {
    const { collections } = instance.log;
    await post();
    const declared = declareRestored(collections, { skip: 100, announceMs: 5_000 });
    await world.time.advance(500);
    for (const member of others) member.isStalled = true;
    const late = instance.post(deliveryOf(20));
    await world.time.advance(6_000);
    for (const member of others) member.isStalled = false;
    await settle(world, Promise.all([declared, late]));
    const bounds = await settle(world, collections.bounds.findOne({ _id: 'bounds' }));
    const stored = await settle(world, collections.events.find({}).toArray());
    expect(stored.map(({ position }) => position)).toEqual([1, 2]);
    expect(bounds?.gaps).toMatchObject([{ after: 2 }]);
  }));

test.each(['the holder', 'another instance'])(
  'a redelivery at %s that names a user is a duplicate while the user is erased',
  (where) =>
    withInstance(async ({ instance, world }) => {
      const other = await settle(world, startInstance(world, 'i2', 11, options));
      const at = where === 'the holder' ? instance : other;
      const delivery = makeDelivery(1, 0, { ...createRandom(1), ...accepted }, { met: 2 });
      const post = async (to: Instance) => (await settle(world, to.post(delivery))).body;
      const { position } = await post(instance);
      const erasure = instance.log.eraser.erase('user-0002X');
      // All instances know of the erasure, and it has not rewritten the log yet.
      await world.time.advance(3_000);
      expect(await post(at)).toMatchObject({ status: 'duplicate', position });
      await settle(world, erasure, 120_000);
      expect(await post(at)).toMatchObject({ status: 'duplicate', position });
      const { data, log } = world.newest();
      expect(data.find('events', { filter: {} }, { at: log.length })).toHaveLength(1);
    }),
);

test('an event is stored once though its redelivery reached the inbox without an erased user', () =>
  withInstance(async ({ instance, others, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    await settle(world, other.post(deliveryOf(9)));
    await world.time.advance(5_000);
    const delivery = makeDelivery(1, 0, { ...createRandom(1), ...accepted }, { met: 2 });
    const { name } = world.primary() as Member;
    // The holder sends the event before it can know of the erasure.
    world.network.break('i1', name, { kind: 'slow', extraMs: 2_000 });
    const first = instance.post(delivery);
    const erase = () => other.log.eraser.erase('user-0002X');
    const begun = erase().catch(() => undefined);
    await world.time.advance(1_500);
    for (const member of others) member.isStalled = true;
    const events = () => {
      const { data, log } = world.primary() as Member;
      return data.find('events', { filter: {} }, { at: log.length });
    };
    await world.time.until(() => events().length === 2, 60_000);
    // A majority does not have it yet, so the other instance cannot see it.
    const second = other.post(delivery);
    await world.time.advance(1_000);
    world.network.healAll();
    for (const member of others) member.isStalled = false;
    await settle(world, Promise.all([first, second, begun]), 120_000);
    await world.time.advance(10_000);
    await settle(world, erase(), 120_000);
    expect(events()).toHaveLength(2);
    expect(JSON.stringify(events())).not.toContain('user-0002X');
  }));

/** Draws an acceptable delivery of a user, of the second type. */
const accepted = {
  chance: () => false,
  pick: <T>(items: readonly T[]) => items[1] as T,
};

/** Posts until no other member knows that a majority has the last event. */
async function postUnknownTo(others: readonly Member[], post: Given['post']): Promise<number> {
  for (;;) {
    const { position } = await post();
    if (others.every(({ majorityIndex, log }) => majorityIndex < log.length)) return position;
  }
}

/**
 * Another member that has the last event becomes primary, and does not know that a majority has it.
 */
async function failOver(world: World, primary: Member, others: readonly Member[]): Promise<void> {
  for (const member of others) member.isStalled = true;
  world.kill(primary);
  await world.time.until(() => world.primary() !== undefined, 60_000);
  const { majorityIndex, log } = world.primary() as Member;
  expect(majorityIndex).toBeLessThan(log.length - 1);
}

function isAnnounced(world: World, position = 1): boolean {
  const { data, majorityIndex: at } = world.newest();
  const bounds = data.read('meta', 'bounds', { at });
  const removedUpTo = Number(bounds?.removedUpTo ?? 0);
  return removedUpTo >= position && removedUpTo > Number(bounds?.deletedUpTo ?? 0);
}
