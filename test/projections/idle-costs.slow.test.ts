import { setTimeout as wait } from 'node:timers/promises';
import type mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { createProjections } from '../../src/projections/projections.ts';
import { newEvent } from '../log/new-event.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';

const RATE = 20;
const SECONDS = 6;
const IDLE_SECONDS = 15;
const COMMANDS_PER_EVENT = 2.5;
const COMMANDS_PER_SECOND = 3;
/** Change streams of an instance, and how long each waits for a change. */
const STREAMS = 2;
const AWAIT_SECONDS = 2;

/** Counts the commands that a log sends, by the driver's command monitoring. */
async function openCounted() {
  const uri = new URL(await emptyDatabase());
  uri.searchParams.set('monitorCommands', 'true');
  const opened = await openLog(uri.href);
  const { events } = opened.log.collections;
  const { client } = events as unknown as { client: mongoose.mongo.MongoClient };
  const counted = { commands: 0, emptyWaits: 0 };
  client.on('commandStarted', () => {
    counted.commands += 1;
  });
  client.on('commandSucceeded', ({ commandName, reply }) => {
    const batch = (reply as { cursor?: { nextBatch?: unknown[] } }).cursor?.nextBatch;
    if (commandName === 'getMore' && batch?.length === 0) counted.emptyWaits += 1;
  });
  const views = createProjections({ log: opened.log });
  return { ...opened, views, counted };
}

interface Counted {
  commands: number;
  emptyWaits: number;
}

/**
 * Counts the commands during some work, and the seconds that it took. SecantusDB ends the wait of every
 * change stream at each write, also of another collection: empty waits count as MongoDB would end them.
 */
async function during(counted: Counted, work: () => Promise<unknown>) {
  const before = { ...counted };
  const startedMs = performance.now();
  await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  const waits = Math.min(
    counted.emptyWaits - before.emptyWaits,
    (STREAMS * seconds) / AWAIT_SECONDS,
  );
  const others = counted.commands - before.commands - (counted.emptyWaits - before.emptyWaits);
  return { commands: others + waits, seconds };
}

test('an idle instance sends at most 3 commands a second, and 2.5 an event at 20 a second', async () => {
  const { log, views, counted } = await openCounted();
  const append = async () => {
    await log.appender.append(newEvent({ user_id: 'u' }), 100);
    views.onEvent();
  };
  await append();
  await views.caughtUp();
  const busy = await during(counted, async () => {
    for (let index = 0; index < RATE * SECONDS; index += 1) {
      await Promise.all([append(), wait(1_000 / RATE)]);
    }
  });
  // On a slow machine the events take longer, and timers go on.
  const timers = COMMANDS_PER_SECOND * Math.max(0, busy.seconds - SECONDS);
  expect(busy.commands).toBeLessThan(COMMANDS_PER_EVENT * RATE * SECONDS + timers);

  await views.caughtUp();
  // Polls become rare after ten seconds without an event.
  await wait(11_000);
  const idle = await during(counted, () => wait(IDLE_SECONDS * 1_000));
  expect(idle.commands).toBeLessThanOrEqual(COMMANDS_PER_SECOND * idle.seconds);
  await views.close();
});
