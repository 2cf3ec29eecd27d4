import { expect, test } from 'vitest';
import type { NewEvent } from '../../../src/catalog/event.ts';
import type { AppendResult } from '../../../src/log/append/types.ts';
import { freshDatabase } from '../../utils/database.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';
import { type OpenLog, openLog } from '../open-logs.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Like the sender: the same event again until it is acknowledged. */
async function send({ log }: OpenLog, event: NewEvent): Promise<AppendResult> {
  for (;;) {
    const result = await log.appender.append(event, 100).catch((error) => {
      expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      // After its time is over a test closes its logs: then there is nothing to send to.
      if (error.message === 'The server is stopping.') throw error;
    });
    if (result) return result;
  }
}

test('connections cut in the middle of appends lose, double and disorder nothing', async () => {
  const { uri } = await freshDatabase();
  const proxy = await startDatabaseProxy(uri);
  const logs = [await openLog(proxy.uri), await openLog(proxy.uri), await openLog(uri)];
  const [one, other, direct] = logs as [OpenLog, OpenLog, OpenLog];
  const acknowledged = new Map<number, Buffer>();
  let sent = 0;
  const sending = logs.flatMap((log) =>
    upTo(16).map(async () => {
      while (sent < 900) {
        sent += 1;
        const event = newEvent();
        const { position } = await send(log, event);
        expect(acknowledged.has(position)).toBe(false);
        acknowledged.set(position, event.digest);
      }
    }),
  );
  for (const reached of [100, 250, 400, 550, 700]) {
    await direct.until(reached);
    proxy.cut();
    // What the direct writer does meanwhile is a gap for the others.
    await direct.until(reached + 20);
    proxy.restore();
  }
  await Promise.all(sending);

  expect(sent).toBe(900);
  await Promise.all(logs.map(({ until }) => until(900)));
  expect(await direct.log.follower.catchUp()).toBe(900);
  for (const { published } of [one, other, direct]) {
    expect(published.map(({ position }) => position)).toEqual(upTo(900));
    for (const { position, digest } of published) {
      expect(digest).toEqual(acknowledged.get(position));
    }
  }
  await Promise.all(logs.map(({ log }) => log.close()));
  await proxy.close();
});

test('what was refused may be stored all the same: sent again it is a duplicate', async () => {
  const { uri } = await freshDatabase();
  const proxy = await startDatabaseProxy(uri);
  const { log } = await openLog(proxy.uri, { timeoutMs: 500 });
  const { log: direct } = await openLog(uri);
  const event = newEvent();
  proxy.loseAnswers('events', Number.POSITIVE_INFINITY);
  do {
    await expect(log.appender.append(event, 100)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  } while ((await direct.reader.byDigest(event.digest)) === undefined);
  proxy.loseAnswers('', 0);
  expect(await send({ log } as OpenLog, event)).toEqual({
    status: 'duplicate',
    position: 1,
    digest: event.digest,
  });
  await log.close();
  await proxy.close();
});

test('patience counts from the arrival: one try for all that waits, not one for each batch', async () => {
  const proxy = await startDatabaseProxy((await freshDatabase()).uri);
  const { log } = await openLog(proxy.uri, { timeoutMs: 50 });
  proxy.cut();
  const refusedMs = await Promise.all(
    upTo(5_000).map(() =>
      log.appender.append(newEvent(), 100).then(
        () => Number.NaN,
        () => performance.now(),
      ),
    ),
  );
  // Each further try would take the driver's five seconds for finding a server.
  expect(Math.max(...refusedMs) - Math.min(...refusedMs)).toBeLessThan(4_000);
  expect(log.appender.full()).toBe(false);
  await log.close();
  await proxy.close();
});

test.each([1, 2, 3])('several poisonous events (%i) keep out no other', async (every) => {
  const { log } = await openLog((await freshDatabase()).uri);
  const results = await Promise.allSettled(
    upTo(40).map((number) => {
      const poison = number % every === 0 && { payload: { a: { _bsontype: 'x' } } };
      return log.appender.append({ ...newEvent(), ...poison }, 100);
    }),
  );
  const stored = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  expect(stored.map(({ position }) => position)).toEqual(upTo(40 - Math.floor(40 / every)));
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason.name).toBe('UnstorableError');
  }
});
