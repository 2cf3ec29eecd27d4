import { expect, test } from 'vitest';
import { UnstorableError } from '../../../src/errors.ts';
import type { AppendResult } from '../../../src/log/append/types.ts';
import { startDatabaseProxy } from '../../webhook/database-proxy.ts';
import { newEvent } from '../new-event.ts';
import { appendAndFind, appendUntilTaken, emptyDatabase, openLog } from '../open-logs.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const positions = (results: readonly AppendResult[]) =>
  results.map(({ position = 0 }) => position).sort((a, b) => a - b);

test('a thousand concurrent events get dense positions and are published once each, in order', async () => {
  const { log, published, until } = await openLog(await emptyDatabase());
  const events = upTo(1_000).map(() => newEvent());
  const results = await Promise.all(events.map((event) => log.appender.append(event, 100)));
  expect(results.map(({ position }) => position)).toEqual(upTo(1_000));
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['stored']));
  await until(1_000);
  expect(published.map(({ position }) => position)).toEqual(upTo(1_000));
  expect(published.map(({ digest }) => digest)).toEqual(events.map(({ digest }) => digest));
});

test('four concurrent writers keep the log dense, and every tailer sees the same order', async () => {
  const uri = await emptyDatabase();
  const logs = await Promise.all(upTo(4).map(() => openLog(uri)));
  const results = await Promise.all(
    logs.flatMap(({ log }) => upTo(150).map(() => appendAndFind(log, newEvent()))),
  );
  expect(positions(results)).toEqual(upTo(600));
  await Promise.all(logs.map(({ until }) => until(600)));
  for (const { published } of logs) {
    expect(published.map(({ position }) => position)).toEqual(upTo(600));
    expect(published.map(({ digest }) => digest)).toEqual(
      logs[0]?.published.map(({ digest }) => digest),
    );
  }
});

test('duplicates get the position of the first event: in one batch, later, and from another writer', async () => {
  const uri = await emptyDatabase();
  const [one, other] = [await openLog(uri), await openLog(uri)];
  const events = upTo(50).map(() => newEvent());
  const first = await Promise.all(
    [...events, ...events].map((event) => one.log.appender.append(event, 100)),
  );
  expect(first.slice(0, 50).map(({ status }) => status)).toEqual(Array(50).fill('stored'));
  expect(first.slice(50)).toEqual(
    first.slice(0, 50).map((result) => ({ ...result, status: 'duplicate' })),
  );
  const mixed = events.flatMap((event) => [event, newEvent()]);
  const again = await Promise.all(mixed.map((event) => appendAndFind(other.log, event)));
  expect(again.filter((_, index) => index % 2 === 0)).toEqual(first.slice(50));
  expect(again.filter((_, index) => index % 2 === 1).map(({ position }) => position)).toEqual(
    upTo(50).map((count) => 50 + count),
  );
});

test('lost answers lose, duplicate and reorder nothing', async () => {
  const direct = await emptyDatabase();
  const proxy = await startDatabaseProxy(direct);
  const cut = await openLog(proxy.uri);
  const events = upTo(300).map(() => newEvent());
  proxy.loseAnswers('insert', 3);
  const results = await Promise.all(events.map((event) => cut.log.appender.append(event, 100)));
  expect(positions(results)).toEqual(upTo(300));
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['stored']));
  await cut.until(300);
  expect(cut.published.map(({ position }) => position)).toEqual(upTo(300));
  const { log } = await openLog(direct);
  const { events: stored } = await log.reader.read({ after: 0, upTo: 400 }, { limit: 400 });
  expect(stored.map(({ position }) => position)).toEqual(upTo(300));
  expect(new Set(stored.map(({ digest }) => digest.toString('hex')))).toEqual(
    new Set(events.map(({ digest }) => digest.toString('hex'))),
  );
  await cut.log.close();
  await proxy.close();
});

test('waiting events are refused while the database stays away, and accepted when it returns', async () => {
  const proxy = await startDatabaseProxy(await emptyDatabase());
  const { log } = await openLog(proxy.uri, { timeoutMs: 50 });
  const event = newEvent();
  proxy.cut();
  await expect(log.appender.append(event, 100)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  proxy.restore();
  // The insert in flight may still be failing.
  expect((await appendUntilTaken(log, event)).position).toBe(1);
  await log.close();
  await proxy.close();
});

test('waiting events are bounded in number and bytes, and settled before a close', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri, { maxWaiting: 3 });
  const waiting = upTo(3).map(() => log.appender.append(newEvent(), 10));
  expect(log.appender.full()).toBe(true);
  const closing = log.appender.close();
  await expect(log.appender.append(newEvent(), 10)).rejects.toThrow('stopping');
  await closing;
  expect(positions(await Promise.all(waiting))).toEqual([1, 2, 3]);
  expect(log.appender.full()).toBe(false);

  const large = await openLog(uri);
  const huge = large.log.appender.append(newEvent(), 64 * 1024 * 1024);
  expect(large.log.appender.full()).toBe(true);
  await huge;
  await large.log.appender.append(newEvent(), 10);
  expect(large.log.appender.full()).toBe(false);
});

test('an event that can never be stored does not block the others', async () => {
  const { log } = await openLog(await emptyDatabase());
  const events = upTo(20).map(() => newEvent());
  // The driver cannot write it; the webhook refuses such a payload.
  const poison = { ...newEvent(), payload: { a: { _bsontype: 'x' } } };
  const before = events.slice(0, 7).map((event) => log.appender.append(event, 100));
  const refused = log.appender.append(poison, 100);
  const after = events.slice(7).map((event) => log.appender.append(event, 100));
  await expect(refused).rejects.toThrow(UnstorableError);
  const results = await Promise.all([...before, ...after]);
  expect(results.map(({ position }) => position)).toEqual(upTo(20));
});

test('an event that arrives at the moment a batch is settled starts the next one', async () => {
  const { log } = await openLog(await emptyDatabase());
  // Each event is appended from the answer to the previous one, with nothing else waiting.
  for (const position of upTo(40)) {
    const event = newEvent();
    const { digest } = event;
    expect(await log.appender.append(event, 100)).toEqual({ status: 'stored', position, digest });
  }
  const chains = await Promise.all(
    upTo(4).map(async () => {
      const results: AppendResult[] = [];
      for (const _ of upTo(10)) results.push(await log.appender.append(newEvent(), 100));
      return results;
    }),
  );
  expect(positions(chains.flat())).toEqual(upTo(80).slice(40));
});
