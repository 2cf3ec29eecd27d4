import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { newEvent } from '../new-event.ts';
import { openLog } from '../open-logs.ts';

const EVENTS = 1_000;
const WRITERS = 4;

test('a burst in which half are repeats, at four writers at once, stores each event once', async () => {
  const { uri } = await freshDatabase();
  const logs = await Promise.all(Array.from({ length: WRITERS }, () => openLog(uri)));
  const events = Array.from({ length: EVENTS }, () => newEvent());
  // Each comes twice, in the same millisecond: at one writer, or at two.
  const results = await Promise.all(
    [...events, ...events].map((event, index) => {
      const writer = index < EVENTS ? index : index + (index % 3);
      return logs[writer % WRITERS]?.log.appender.append(event, 100);
    }),
  );

  const places = new Map<number, number>();
  for (let index = 0; index < EVENTS; index += 1) {
    const [one, other] = [results[index], results[index + EVENTS]];
    expect([one?.status, other?.status].sort()).toEqual(['duplicate', 'stored']);
    expect(one?.position).toBe(other?.position);
    places.set(one?.position ?? 0, index);
  }
  await Promise.all(logs.map(({ until }) => until(EVENTS)));
  for (const { published } of logs) {
    expect(published.map(({ position }) => position)).toEqual(
      Array.from({ length: EVENTS }, (_, index) => index + 1),
    );
    for (const { position, digest } of published) {
      expect(digest).toEqual(events[places.get(position) ?? -1]?.digest);
    }
  }
});
