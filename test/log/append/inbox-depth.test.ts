import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/log/append/clock.ts';
import { createInboxDepth } from '../../../src/log/append/inbox-depth.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { emptyDatabase } from '../open-logs.ts';

const MAX_EVENTS = 5;

test('entries accepted while the inbox is counted are not left out', async () => {
  const { collections, close } = await openStorage(await emptyDatabase());
  onTestFinished(close);
  let onCounted: () => void = () => undefined;
  const counted = new Promise<void>((resolve) => {
    onCounted = resolve;
  });
  const clock = {
    ...systemClock,
    wait(ms: number, signal?: AbortSignal) {
      onCounted();
      return systemClock.wait(ms, signal);
    },
  };
  // The count begins at once; its result is that of an empty inbox.
  const depth = createInboxDepth(collections.inbox, { clock, maxEvents: MAX_EVENTS });
  onTestFinished(depth.close);
  depth.onAccepted(MAX_EVENTS);
  await counted;
  expect(depth.events()).toBe(MAX_EVENTS);
  expect(depth.isFull()).toBe(true);
});
