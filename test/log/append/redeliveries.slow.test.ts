import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';
import { appendAndFind, emptyDatabase, openLog } from '../open-logs.ts';

const EVENTS = 1_000;
const WRITERS = 4;

test('a burst with half duplicates at four writers stores each event once', async () => {
  const { uri } = await freshDatabase();
  const logs = await Promise.all(Array.from({ length: WRITERS }, () => openLog(uri)));
  const events = Array.from({ length: EVENTS }, () => newEvent());
  // Each event arrives twice in the same millisecond, at one writer or at two.
  const results = await Promise.all(
    [...events, ...events].map((event, index) => {
      const writer = index < EVENTS ? index : index + (index % 3);
      return logs[writer % WRITERS]?.log.appender.append(event, 100);
    }),
  );

  await Promise.all(logs.map(({ until }) => until(EVENTS)));
  const indexByPosition = new Map<number, number>();
  for (let index = 0; index < EVENTS; index += 1) {
    const [one, other] = [results[index], results[index + EVENTS]];
    // Two instances that receive it at the same moment may both answer `stored`.
    expect([one?.status, other?.status]).toContain('stored');
    const at = await logs[0]?.log.reader.byDigest(events[index]?.digest ?? Buffer.alloc(0));
    for (const { position = at?.position } of [one, other].flatMap((result) => result ?? [])) {
      expect(position).toBe(at?.position);
    }
    indexByPosition.set(at?.position ?? 0, index);
  }
  for (const { published } of logs) {
    expect(published.map(({ position }) => position)).toEqual(
      Array.from({ length: EVENTS }, (_, index) => index + 1),
    );
    for (const { position, digest } of published) {
      expect(digest).toEqual(events[indexByPosition.get(position) ?? -1]?.digest);
    }
  }
});

test('an event acknowledged by one instance is a duplicate at each, in the inbox and in the log', async () => {
  const uri = await emptyDatabase();
  const logs = await Promise.all(Array.from({ length: 3 }, () => openLog(uri)));
  // After the first entry the holder knows that others use the inbox.
  await Promise.all(logs.map(({ log }) => appendAndFind(log, newEvent())));
  for (let round = 0; round < 30; round += 1) {
    const event = newEvent();
    const statuses: string[] = [];
    for (const offset of [0, 1, 2, 3]) {
      const { log } = logs[(round + offset) % logs.length] ?? { log: undefined };
      // A redelivery has a later time of reception, which distinguishes it from the first delivery.
      const receivedAt = new Date(event.receivedAt.getTime() + offset);
      statuses.push((await log?.appender.append({ ...event, receivedAt }, 100))?.status ?? '');
    }
    expect(statuses).toEqual(['stored', 'duplicate', 'duplicate', 'duplicate']);
  }
  await Promise.all(logs.map(({ until }) => until(33)));
  for (const { published } of logs) {
    expect(published.map(({ position }) => position)).toEqual(
      Array.from({ length: 33 }, (_, index) => index + 1),
    );
  }
});
