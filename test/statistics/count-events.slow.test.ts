import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { Filter } from '../../src/log/read/filter.ts';
import type { EventLog } from '../../src/server/create-event-log.ts';
import { createFromKey, dimensionNames } from '../../src/statistics/dimensions.ts';
import { openPatientLog } from '../log/open-logs.ts';
import { anyFilter, anyWideFilter, someEvents } from '../log/some-events.ts';
import { freshDatabase, type TestDatabase } from '../utils/database.ts';
import { expectedCounts } from './expected-counts.ts';

const EVENTS = 400;
const RUNS = 60;
const SEED = 23;
const HOUR_MS = 3_600_000;
const limits = { maxBuckets: 10_000, maxAnswerBytes: 1_000_000_000, statisticsTimeoutMs: 60_000 };
const wide = { ...limits, maxBuckets: 10_000_000 };
/**
 * Offsets of whole, half and quarter hours, a change by half an hour, and days without midnight.
 */
const ZONES = [
  ...['UTC', 'Europe/Madrid', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu'],
  ...['Australia/Lord_Howe', 'America/Havana', 'America/Caracas', 'europe/lisbon'],
];
const DEVICES = [
  { os_name: 'ios', country_code: 'es' },
  { os_name: 'android', country_code: null },
  { os_name: 'android' },
];

const anyInstant = fc.oneof(
  // Around the nights when clocks change.
  fc.integer({ min: -40, max: 40 }).map((n) => Date.UTC(2026, 2, 29) + n * 23 * 60_000),
  fc.integer({ min: -40, max: 40 }).map((n) => Date.UTC(2026, 9, 25) + n * 23 * 60_000),
  fc.integer({ min: 0, max: 3_000 }).map((n) => Date.UTC(2025, 11, 20) + n * 7 * HOUR_MS),
  // When the offset of Caracas was half an hour.
  fc.integer({ min: 0, max: 100 }).map((n) => Date.UTC(2014, 0, 1) + n * 47 * 60_000),
);
const anySpan = fc.option(
  fc.record({
    from: fc.option(
      anyInstant.map((ms) => new Date(ms)),
      { nil: undefined },
    ),
    until: fc.option(
      anyInstant.map((ms) => new Date(ms)),
      { nil: undefined },
    ),
  }),
  { nil: undefined },
);

/** Events that were received in another order than they occurred. */
function someLateEvents(): NewEvent[] {
  const instants = fc.sample(anyInstant, { numRuns: EVENTS, seed: SEED });
  return someEvents(EVENTS, SEED).map((event, index) => ({
    ...event,
    occurredOn: new Date(instants[index] ?? 0),
    ...(event.type === 'installation_created' && { payload: DEVICES[index % 3] ?? {} }),
    ...(event.type === 'unknown' && { typeName: `type-${index % 3}` }),
  }));
}

let database: TestDatabase;
let log: EventLog;
const events = someLateEvents();
beforeAll(async () => {
  database = await freshDatabase();
  let stored = () => undefined as unknown;
  const all = new Promise((resolve) => {
    let count = 0;
    stored = () => {
      count += 1;
      if (count === EVENTS) resolve(undefined);
    };
  });
  log = await openPatientLog({ uri: database.uri, onEvent: () => stored() });
  await Promise.all(events.map((event) => log.appender.append(event, 200)));
  await all;
});
afterAll(async () => {
  await log.close();
  await database.drop();
});

const wanted = fc.record({
  filter: fc
    .tuple(fc.oneof(anyFilter, anyWideFilter, fc.constant({})), anySpan)
    .map(([filter, occurredOn]): Filter => ({ ...filter, occurredOn })),
  by: fc.subarray([...dimensionNames], { maxLength: 4 }),
  timeZone: fc.constantFrom(...ZONES),
});

test(`${RUNS} random counts equal counts over the events`, async () => {
  let rows = 0;
  for (const { filter, by, timeZone } of fc.sample(wanted, { numRuns: RUNS, seed: SEED })) {
    const distinct = new Set(['userId', 'installationId'] as const);
    const { result } = await log.statistics.counts({
      filter,
      by,
      timeZone,
      distinct,
      limits: wide,
    });
    const shown = result.map(({ keys, ...row }) => ({
      keys: JSON.stringify(by.map((name) => [name, keys[name]])),
      ...row,
    }));
    const byKeys = (one: { keys: string }, other: { keys: string }) =>
      one.keys < other.keys ? -1 : 1;
    const said = JSON.stringify({ filter, by, timeZone });
    expect(shown.slice().sort(byKeys), said).toEqual(
      expectedCounts(events, filter, by, timeZone).sort(byKeys),
    );
    rows += result.length;
  }
  expect(rows).toBeGreaterThan(5 * RUNS);
});

const of = (options: Partial<Parameters<EventLog['statistics']['counts']>[0]>) =>
  log.statistics.counts({
    ...{ filter: {}, by: [], timeZone: 'UTC', distinct: new Set(), limits },
    ...options,
  });

describe('the result', () => {
  test('is sorted by its keys, missing values last', async () => {
    const { result } = await of({ by: ['SPECIALITY', 'DAY'] });
    const keys = result.map(({ keys }) => keys);
    expect(keys.at(-1)?.SPECIALITY).toBe(null);
    const known = keys.filter(({ SPECIALITY }) => SPECIALITY !== null);
    const inOrder = known.map(({ SPECIALITY, DAY }) => `${SPECIALITY}\u0000${DAY}`);
    expect(inOrder).toEqual(inOrder.slice().sort());
  });

  test('covers a closed span, and counts from its cursor add up', async () => {
    const whole = await of({});
    expect(whole.span).toEqual({ after: 0, upTo: EVENTS });
    const later = await of({ after: 300 });
    expect(later.result).toEqual([{ keys: {}, count: EVENTS - 300 }]);
  });

  test('is one row of zero if nothing matches', async () => {
    const nobody = { filter: { userIds: [] }, distinct: new Set(['userId'] as const) };
    expect((await of(nobody)).result).toEqual([{ keys: {}, count: 0, userId: 0 }]);
    expect((await of({ ...nobody, by: ['TYPE'] })).result).toEqual([]);
  });
});

test('has a date for a distant day', () => {
  const fromKey = createFromKey('UTC');
  expect(fromKey('DAY', new Date('0099-01-05T00:00:00Z'))).toBe('0099-01-05');
});

describe('what is refused', () => {
  const span = (from: string, until: string) => ({
    occurredOn: { from: new Date(from), until: new Date(until) },
  });

  test('a thousand years by hour, before anything is read', async () => {
    const filter = span('1026-01-01', '2026-01-01');
    await expect(of({ filter, by: ['HOUR'] })).rejects.toThrow(
      'has 8765832 buckets by HOUR; at most 10000 (MAX_BUCKETS)',
    );
    expect(
      (await of({ filter, by: ['WEEK', 'TYPE'], limits: { ...limits, maxBuckets: 100_000 } }))
        .result.length,
    ).toBeGreaterThan(0);
  });

  test('more rows than buckets, never a part of them', async () => {
    const few = { ...limits, maxBuckets: 9 };
    expect((await of({ by: ['TYPE'], limits: few })).result).toHaveLength(9);
    await expect(of({ by: ['TYPE'], limits: { ...few, maxBuckets: 8 } })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('more than 8 (MAX_BUCKETS) buckets'),
    });
  });

  test('rows of more bytes than an answer may have', async () => {
    const few = { ...limits, maxAnswerBytes: 100 };
    await expect(of({ by: ['TYPE', 'DAY'], limits: few })).rejects.toMatchObject({
      code: 'RESPONSE_TOO_LARGE',
      message: expect.stringContaining('100 (GRAPHQL_MAX_ANSWER_BYTES) bytes'),
    });
  });

  test.each(['Mars/Olympus', '', '+02:00', 'Europe'])('the time zone %j', async (timeZone) => {
    await expect(of({ by: ['DAY'], timeZone })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
