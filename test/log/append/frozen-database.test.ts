import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';
import { appendUntilTaken, openLog } from '../open-logs.ts';

test('while the database does not answer, events are refused in time, and accepted afterwards', async () => {
  const proxy = await startDatabaseProxy((await freshDatabase()).uri);
  const { log, published, until } = await openLog(proxy.uri, { timeoutMs: 2_000, maxWaiting: 2 });
  const [first, second] = [newEvent(), newEvent()];
  const held = proxy.hold('insert');
  const waiting = [log.appender.append(first, 100), log.appender.append(second, 100)];
  expect(log.appender.full()).toBe(true);
  await held;
  // Each is rejected, although the insert has not ended.
  for (const append of waiting) {
    await expect(append).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  }
  expect(log.appender.full()).toBe(false);

  proxy.release();
  // It was stored, or is stored now: once in either case.
  const results = [await appendUntilTaken(log, first), await appendUntilTaken(log, second)];
  expect(results.map(({ position }) => position).sort()).toEqual([1, 2]);
  await until(2);
  expect(published.map(({ position }) => position)).toEqual([1, 2]);
  await log.close();
  await proxy.close();
});
