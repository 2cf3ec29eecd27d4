import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';
import { validateIJson } from '../../src/webhook/validate-ijson.ts';
import { newEvent } from '../log/new-event.ts';
import { openLog } from '../log/open-logs.ts';
import { freshDatabase } from '../utils/database.ts';

const key = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '__proto__',
    '$set',
    '$',
    'a.b',
    '.',
    '',
    '_id',
    'toJSON',
    'toBSON',
    '10',
    '$ref',
  ),
);
const { object } = fc.letrec<{ tree: JsonValue; object: JsonObject }>((again) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(again('tree'), { maxLength: 4 }),
    again('object'),
  ),
  object: fc.dictionary(key, again('tree'), { maxKeys: 5 }),
}));

/** JSON text shows the order of keys, and keys that `toEqual` ignores. */
const texts = (events: readonly NewEvent[]) =>
  events.map(({ payload, extra }) => JSON.stringify([payload, extra]));

test('an event read from the log equals the appended one, for any payload', async () => {
  const { log, published, until } = await openLog((await freshDatabase()).uri);
  const payloads = fc
    .sample(object, 300)
    .map((payload) => JSON.parse(JSON.stringify(payload)) as JsonObject)
    .filter((payload) => validateIJson(JSON.stringify({ payload })) === undefined);
  const special =
    '{"__proto__":{"x":1},"$set":{"$inc":1},"a.b":{"c.d":2},"":0,"constructor":[{"x":1}]}';
  const events = [JSON.parse(special) as JsonObject, ...payloads].map((payload) => ({
    ...newEvent(),
    payload,
    extra: payload,
  }));
  await Promise.all(events.map((event) => log.appender.append(event, 1_000)));
  await until(events.length);
  const { events: read } = await log.reader.read({ after: 0, upTo: events.length }, { limit: 999 });
  expect(read).toEqual(published);
  expect(read).toEqual(events.map((event, index) => ({ ...event, position: index + 1 })));
  expect(texts(read)).toEqual(texts(events));
  expect(texts(read)[0]).toContain(special);
  for (const event of read.slice(0, 20)) {
    expect(await log.reader.byDigest(event.digest)).toEqual(event);
  }
});

test.each([
  '2021-09-14T15:55:12.642+00:00',
  '2021-09-14T15:55:12.642Z',
  '2021-09-14T15:55:12+00:00',
  '2021-09-14T15:55:12.6421234Z',
  '2021-09-14T17:55:12.642+02:00',
  '2021-09-13T23:55:12.642-16:00',
])('the instant %s is stored as sent', async (occurredOn) => {
  const { log } = await openLog((await freshDatabase()).uri);
  const event = newEvent({}, { occurredOn });
  await log.appender.append(event, 100);
  const { events } = await log.reader.read({ after: 0, upTo: 1 }, { limit: 1 });
  expect(events).toEqual([{ ...event, position: 1 }]);
  expect(events[0]?.occurredText).toBe(occurredOn);
  expect(events[0]?.occurredOn).toEqual(event.occurredOn);
});

test('absent members stay absent', async () => {
  const { log } = await openLog((await freshDatabase()).uri);
  const event = { ...newEvent(), userId: null, installationId: null, extra: null, payload: {} };
  await log.appender.append(event, 100);
  expect(await log.reader.byDigest(event.digest)).toEqual({ ...event, position: 1 });
});
