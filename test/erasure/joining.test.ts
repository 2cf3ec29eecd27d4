import { expect, test } from 'vitest';
import type { LogReader } from '../../src/log/read/log-reader.ts';
import { type OpenFeed, openFeed, take, upTo } from '../feed/open-feed.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';

test('a tailer that joins during an erasure reads again what it has not delivered', async () => {
  const uri = await emptyDatabase();
  let opened: OpenFeed | undefined;
  let duringRead: (() => Promise<void>) | undefined;
  const reader: LogReader = {
    async read(span, options) {
      if (!opened) throw new Error('not open yet');
      const result = await opened.log.reader.read(span, options);
      await duringRead?.();
      return result;
    },
    byDigest: async () => undefined,
  };
  opened = await openFeed(uri, { reader });
  const { log, feed, append } = opened;
  const { log: other } = await openLog(uri, { erasureAnnounceMs: 20 });
  let erased = 0;
  async function erase(): Promise<void> {
    const epoch = log.state.epoch();
    erased += 1;
    await other.eraser.erase(`somebody-${erased}`);
    await log.state.refresh();
    expect(log.state.epoch()).not.toBe(epoch);
  }

  await append(5);
  let reads = 0;
  duringRead = async () => {
    reads += 1;
    // It reads the log, joins at 6, and event 7 is appended while it reads again.
    await append(1);
    if (reads === 2) await erase();
  };
  const subscription = feed.subscribe({}, 0);
  expect(await take(subscription, 6)).toEqual(upTo(6));
  // Event 7 is not delivered yet, and event 8 waits behind it.
  expect(log.tailer.head()).toBe(8);
  await erase();
  expect(await take(subscription, 2)).toEqual([7, 8]);
  duringRead = undefined;
  const rest = take(subscription, log.tailer.head() - 8 + 2);
  await append(2);
  expect(await rest).toEqual(upTo(log.tailer.head(), 8));
  await subscription.return?.();
});
