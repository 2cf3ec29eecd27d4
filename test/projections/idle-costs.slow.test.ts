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

/** Counts the commands that a log sends, by the driver's command monitoring. */
async function openCounted() {
  const uri = new URL(await emptyDatabase());
  uri.searchParams.set('monitorCommands', 'true');
  const opened = await openLog(uri.href);
  const { events } = opened.log.collections;
  const { client } = events as unknown as { client: mongoose.mongo.MongoClient };
  const names: string[] = [];
  client.on('commandStarted', ({ commandName, command }) => {
    names.push(`${commandName} ${command[commandName]}`);
  });
  const views = createProjections({ log: opened.log });
  return { ...opened, views, names };
}

/** Runs for so many seconds; returns the commands, and the seconds that it took. */
async function during(names: string[], work: () => Promise<unknown>) {
  const before = names.length;
  const startedMs = performance.now();
  await work();
  return { commands: names.slice(before), seconds: (performance.now() - startedMs) / 1_000 };
}

test('an idle instance sends at most 3 commands a second, and 2.5 an event at 20 a second', async () => {
  const { log, views, names } = await openCounted();
  const append = async () => {
    await log.appender.append(newEvent({ user_id: 'u' }), 100);
    views.onEvent();
  };
  await append();
  await views.caughtUp();
  const busy = await during(names, async () => {
    for (let index = 0; index < RATE * SECONDS; index += 1) {
      await Promise.all([append(), wait(1_000 / RATE)]);
    }
  });
  // On a slow machine the events take longer, and timers go on.
  const timers = COMMANDS_PER_SECOND * Math.max(0, busy.seconds - SECONDS);
  expect(busy.commands.length).toBeLessThan(COMMANDS_PER_EVENT * RATE * SECONDS + timers);

  await views.caughtUp();
  // Polls become rare after ten seconds without an event.
  await wait(11_000);
  const idle = await during(names, () => wait(IDLE_SECONDS * 1_000));
  expect(idle.commands.length).toBeLessThanOrEqual(COMMANDS_PER_SECOND * idle.seconds);
  await views.close();
});
