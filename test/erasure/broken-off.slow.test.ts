import { expect, onTestFinished, test } from 'vitest';
import type { EventLog } from '../../src/server/create-event-log.ts';
import { emptyDatabase, openPatientLog } from '../log/open-logs.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { type DatabaseProxy, startDatabaseProxy } from '../webhook/database-proxy.ts';
import { createPerson, eventAbout, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

/** Several pages of the erasure. */
const EVENTS = 450;

const open = (uri: string) => openPatientLog({ uri, erasureAnnounceMs: 20 });

async function fill(log: EventLog, uri: string) {
  const [ada, bob] = [createPerson(), createPerson()];
  const people = Array.from({ length: EVENTS }, (_, index) => (index % 3 === 2 ? bob : ada));
  const events = people.map((person) => eventAbout(person, 'user_first_logged_in'));
  events.push(eventAbout(ada, 'installation_created'));
  events.push(eventAbout(bob, 'a_new_type', { payload: { by: { user_id: ada.id } } }));
  events.push(eventAbout(bob, 'a_new_type', { payload: { note: `call ${ada.phone}` } }));
  await Promise.all(events.map((event) => log.appender.append(event, 100)));
  await insertQuarantined(uri, [{ body: `not JSON of ${ada.id}` }]);
  return { ada, bob };
}

/** Interrupts an erasure at each step in turn, each time in its own database. */
async function atEachStep(
  breakOff: (moment: { proxy: DatabaseProxy; stop: AbortController }) => void,
): Promise<number> {
  for (let step = 1; ; step += 1) {
    const uri = await emptyDatabase();
    const proxy = await startDatabaseProxy(uri);
    onTestFinished(() => proxy.close());
    const log = await open(uri);
    const { ada, bob } = await fill(log, uri);
    const stop = new AbortController();
    let moments = 0;
    const broken = await open(proxy.uri);
    const outcome = await broken.eraser
      .erase(ada.id, {
        signal: stop.signal,
        onProgress() {
          moments += 1;
          if (moments === step) breakOff({ proxy, stop });
        },
      })
      .then(
        () => 'finished',
        () => 'broken off',
      );
    proxy.restore();
    await broken.close();
    if (outcome === 'broken off') await log.eraser.erase(ada.id);

    expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
    expect(await placesOf(uri, [bob.id])).not.toEqual([]);
    const upTo = await log.tailer.catchUp();
    const { events } = await log.reader.read({ after: 0, upTo }, { limit: 1_000 });
    expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
    expect(events).toHaveLength(EVENTS + 3);
    // All attempts are one erasure.
    const users = new Set(events.map(({ userId }) => userId));
    expect(users.size).toBe(3);
    await log.close();
    if (moments < step) return step - 1;
  }
}

test('an erasure stopped at any step and run again finishes with the same pseudonym', async () => {
  const steps = await atEachStep(({ stop }) => stop.abort());
  expect(steps).toBeGreaterThan(4);
});

test('an erasure that loses the database at any step and is run again finishes', async () => {
  const steps = await atEachStep(({ proxy }) => proxy.cut());
  expect(steps).toBeGreaterThan(4);
});
