import { expect, onTestFinished, test } from 'vitest';
import { createAppender } from '../../../src/log/append/appender.ts';
import { systemClock } from '../../../src/log/append/clock.ts';
import { inserts as insertReports } from '../../../src/log/append/telemetry.ts';
import { createLogState } from '../../../src/log/state/log-state.ts';
import { openStorage } from '../../../src/storage/open-storage.ts';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';

interface Situation {
  isInboxUsed: boolean;
  mayAppend: boolean;
}

/** An appender whose pauses the test ends; `inserts` lists the number of events of each insert. */
async function openAppender({ isInboxUsed, mayAppend }: Situation) {
  const { collections, close } = await openStorage((await freshDatabase()).uri);
  onTestFinished(close);
  const inserts: number[] = [];
  onTestFinished(insertReports.subscribe(({ events }) => void inserts.push(events)));
  const pauses: { ms: number; end: () => void }[] = [];
  const appender = createAppender({
    ...{ collection: collections.events, inbox: collections.inbox },
    logState: await createLogState(collections),
    clock: {
      ...systemClock,
      wait: (ms, signal) =>
        // A signal belongs to the deadline of the events.
        signal
          ? systemClock.wait(ms, signal)
          : new Promise((resolve) => pauses.push({ ms, end: resolve })),
    },
    target: {
      isHolder: () => mayAppend,
      mayAppend: () => mayAppend,
      onRaceLost: () => undefined,
      prepareInbox: () => Promise.resolve(),
      isInboxFull: () => false,
      isInboxUsed: () => isInboxUsed,
      onAccepted: () => undefined,
    },
    durableHead: () => Promise.resolve(0),
    onAppended: () => undefined,
  });
  const append = (count: number) =>
    Array.from({ length: count }, () => appender.append(newEvent(), 100));
  return { append, inserts, pauses };
}

test.each([
  { isInboxUsed: true, mayAppend: true },
  { isInboxUsed: false, mayAppend: false },
])('beside other instances events gather after a batch of several: %o', async (situation) => {
  const { append, inserts, pauses } = await openAppender(situation);
  await Promise.all(append(2));
  await expect.poll(() => pauses.length).toBe(1);
  expect(pauses[0]?.ms).toBeGreaterThan(0);
  expect(pauses[0]?.ms).toBeLessThanOrEqual(15);

  const late = [...append(1), ...append(1), ...append(1)];
  pauses[0]?.end();
  await Promise.all(late);
  expect(inserts).toEqual([2, 3]);
});

test.each([
  { isInboxUsed: false, mayAppend: true, count: 2 },
  { isInboxUsed: true, mayAppend: true, count: 1 },
  { isInboxUsed: false, mayAppend: false, count: 1 },
])('no event waits without need: %o', async ({ count, ...situation }) => {
  const { append, inserts, pauses } = await openAppender(situation);
  await Promise.all(append(count));
  await Promise.all(append(count));
  expect(inserts).toEqual([count, count]);
  expect(pauses).toEqual([]);
});
