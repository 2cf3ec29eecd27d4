import { expect, onTestFinished, test } from 'vitest';
import { inserts } from '../../../src/log/append/telemetry.ts';
import { freshDatabase } from '../../utils/database.ts';
import { testSignal } from '../../utils/test-signal.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';
import { appendUntilTaken, type OpenLog, openLog } from '../open-logs.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('appends whose connections are cut lose, duplicate and reorder nothing', async () => {
  const { uri } = await freshDatabase();
  const proxy = await startDatabaseProxy(uri);
  const logs = [await openLog(proxy.uri), await openLog(proxy.uri), await openLog(uri)];
  const [one, other, direct] = logs as [OpenLog, OpenLog, OpenLog];
  const acknowledged = new Map<number, Buffer>();
  let sent = 0;
  const signal = testSignal();
  const sending = logs.flatMap(({ log }) =>
    upTo(16).map(async () => {
      while (sent < 900 && !signal.aborted) {
        sent += 1;
        const event = newEvent();
        const { position } = await appendUntilTaken(log, event);
        expect(acknowledged.has(position)).toBe(false);
        acknowledged.set(position, event.digest);
      }
    }),
  );
  for (const reached of [100, 250, 400, 550, 700]) {
    await direct.until(reached);
    proxy.cut();
    // The others see the direct writer's events as a gap.
    await direct.until(reached + 20);
    proxy.restore();
  }
  await Promise.all(sending);

  expect(sent).toBe(900);
  await Promise.all(logs.map(({ until }) => until(900)));
  expect(await direct.log.tailer.catchUp()).toBe(900);
  for (const { published } of [one, other, direct]) {
    expect(published.map(({ position }) => position)).toEqual(upTo(900));
    for (const { position, digest } of published) {
      expect(digest).toEqual(acknowledged.get(position));
    }
  }
  await Promise.all(logs.map(({ log }) => log.close()));
  await proxy.close();
});

test('a refused event may have been stored; a retry is then a duplicate', async () => {
  const { uri } = await freshDatabase();
  const proxy = await startDatabaseProxy(uri);
  const { log } = await openLog(proxy.uri, { timeoutMs: 500 });
  const { log: direct } = await openLog(uri);
  const event = newEvent();
  proxy.loseAnswers('events', Number.POSITIVE_INFINITY);
  const signal = testSignal();
  do {
    signal.throwIfAborted();
    await expect(log.appender.append(event, 100)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  } while ((await direct.reader.byDigest(event.digest)) === undefined);
  proxy.loseAnswers('', 0);
  expect(await appendUntilTaken(log, event)).toEqual({
    status: 'duplicate',
    position: 1,
    digest: event.digest,
  });
  await log.close();
  await proxy.close();
});

test('the timeout counts from the arrival: all waiting events share one attempt', async () => {
  const proxy = await startDatabaseProxy((await freshDatabase()).uri);
  let tries = 0;
  const end = inserts.subscribe(() => {
    tries += 1;
  });
  onTestFinished(end);
  const { log } = await openLog(proxy.uri, { timeoutMs: 50 });
  proxy.cut();
  const appends = upTo(5_000).map(() => log.appender.append(newEvent(), 100));
  for (const outcome of await Promise.allSettled(appends)) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'SERVICE_UNAVAILABLE' },
    });
  }
  // 5,000 events fill five batches.
  expect(tries).toBeLessThanOrEqual(1);
  expect(log.appender.full()).toBe(false);
  await log.close();
  expect(tries).toBeLessThanOrEqual(1);
  await proxy.close();
});

test.each([1, 2, 3])(
  'several events that cannot be stored (%i) do not block the others',
  async (every) => {
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
  },
);
