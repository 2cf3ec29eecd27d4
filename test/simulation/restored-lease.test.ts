import { expect, test } from 'vitest';
import type { WriterDocument } from '../../src/storage/documents.ts';
import { startInstance } from './harness/instance.ts';
import { restoreBackup, takeBackup } from './harness/restore.ts';
import { settle } from './settle.ts';
import { options, withInstance } from './with-instance.ts';

test('a renewal after a restore does not look like one from before it', () =>
  withInstance(async ({ instance: holder, others, world }) => {
    const other = await settle(world, startInstance(world, 'i2', 11, options));
    const durableLease = () => {
      const { data, majorityIndex: at } = world.newest();
      return data.read('meta', 'writer', { at }) as unknown as WriterDocument;
    };
    async function nextRenewal(): Promise<void> {
      const { counter } = durableLease();
      expect(await world.time.until(() => durableLease().counter !== counter, 60_000)).toBe(true);
    }
    await nextRenewal();
    const before = durableLease();
    const backup = takeBackup(world);
    await nextRenewal();
    // The other instance now sees one state of the lease until it takes it for abandoned. The newer
    // renewals, which are not durable yet, make its attempts to take it fail.
    for (const member of others) member.isStalled = true;
    await world.time.advance(6_000);
    const seen = durableLease();

    restoreBackup(world, backup);
    for (const member of others) member.isStalled = false;
    for (const { name } of world.members) world.network.break('i2', name, { kind: 'refused' });
    for (const member of world.members) world.restart(member);
    expect(durableLease()).toEqual(before);
    await nextRenewal();
    expect(durableLease()).not.toEqual(seen);
    world.network.healAll();
    await world.time.advance(5_000);
    expect(durableLease().holder).toBe(before.holder);
    expect(holder.log.writer().isHolder).toBe(true);
    expect(other.log.writer()).toMatchObject({ isHolder: false, takeOvers: { expired: 0 } });
  }));
