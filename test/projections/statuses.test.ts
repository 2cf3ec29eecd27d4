import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewEvent, StoredEvent } from '../../src/catalog/event.ts';
import { applyChanges } from '../../src/projections/apply-changes.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import { type OpenGraph, openGraph, owner } from './open-graph.ts';

const USERS = ['ana', 'bo', 'cy', 'di'];
const CODES = [0, 2, 4, 9];
const STATUSES = ['FREE', 'PREMIUM', 'FREEMIUM', 'UNKNOWN'];
const START_MS = Date.UTC(2026, 0, 1);
/** Few instants, so that most events are tied with others. */
const SECONDS = 5;

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const step = fc.record({
  userId: oneOf(...USERS),
  second: fc.integer({ min: 0, max: SECONDS }),
  type: oneOf('user_status_changed', 'user_logged_in', 'user_first_logged_in', 'app_opened'),
  from: oneOf(...CODES),
  to: oneOf(...CODES),
  isMalformed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

function eventOf(
  {
    userId,
    second,
    type,
    from,
    to,
    isMalformed,
  }: typeof step extends fc.Arbitrary<infer T> ? T : never,
  n: number,
): NewEvent {
  const code = isMalformed ? 'premium' : to;
  const isChange = type === 'user_status_changed';
  const plan = isChange ? { from_status: from, to_status: code } : { status: code };
  const payload = {
    ...{ user_id: userId, installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f', n },
    ...(type !== 'app_opened' && plan),
  };
  const occurred = new Date(START_MS + second * 1_000).toISOString();
  return parsedEvent(
    Buffer.from(JSON.stringify({ type, occurred_on: occurred, payload })),
    new Date(START_MS + (SECONDS + n) * 1_000),
  );
}

let graph: OpenGraph;
let all: StoredEvent[];
beforeAll(async () => {
  graph = await openGraph();
  all = await graph.append(fc.sample(step, { numRuns: 60, seed: 5 }).map(eventOf));
  // In the order of their instants, so that the latest instant is of one event for some.
  all = await graph.append(
    fc
      .sample(step, { numRuns: 8, seed: 6 })
      .map((one, n) => eventOf({ ...one, second: n }, 100 + n)),
  );
});
afterAll(() => graph.close());

const document = `query ($filter: UserFilter) {
  users(filter: $filter, first: 100) { totalCount nodes { userId currentStatus } }
}`;
const usersOf = async (filter: object | null) =>
  (await graph.read(document, undefined, { filter })).users.nodes;

/** Returns the users of a plan, according to the log. */
async function expectAgreement(): Promise<void> {
  const users: { userId: string; currentStatus: string | null }[] = await usersOf(null);
  expect(users.map(({ userId }) => userId).sort()).toEqual(USERS);
  for (const status of STATUSES) {
    const expected = users.filter(({ currentStatus }) => currentStatus === status);
    expect(await usersOf({ statuses: [status] })).toEqual(expected);
  }
}

test('users by plan are those whose current plan it is, also among ties', async () => {
  await expectAgreement();
  const withPlan = (await usersOf(null)).filter(
    ({ currentStatus }: { currentStatus: string | null }) => currentStatus !== null,
  );
  expect(await usersOf({ statuses: STATUSES })).toEqual(withPlan);
  expect(await usersOf({ statuses: [] })).toEqual([]);
  expect(await usersOf({ statuses: null })).toHaveLength(USERS.length);
});

test('whatever the order and the parts in which events are applied, again and again', async () => {
  const { collections } = graph.log;
  const anyParts = fc
    .shuffledSubarray(all, { minLength: all.length })
    .chain((shuffled) => fc.tuple(fc.constant(shuffled), fc.integer({ min: 1, max: 80 })));
  await fc.assert(
    fc.asyncProperty(anyParts, fc.boolean(), async ([shuffled, size], isFresh) => {
      if (isFresh) await collections.users.deleteMany({});
      for (let start = 0; start < shuffled.length; start += size) {
        const part = shuffled.slice(start, start + size);
        await collections.transaction((session) => applyChanges(graph.log, part, session));
      }
      await expectAgreement();
    }),
    { numRuns: 6 },
  );
});

test('a user sees only themselves, whatever plan they ask for', async () => {
  const shown: string[] = [];
  for (const statuses of STATUSES) {
    const { users } = await graph.read(document, owner('ana'), {
      filter: { statuses: [statuses] },
    });
    expect(users.totalCount).toBeNull();
    shown.push(...users.nodes.map(({ userId }: { userId: string }) => userId));
  }
  expect(shown).toEqual(['ana']);
});

test('a user without a login or change of plan has no plan', async () => {
  await graph.append([
    eventOf(
      { userId: 'eve', second: 0, type: 'app_opened', from: 0, to: 0, isMalformed: false },
      200,
    ),
  ]);
  const found = (await usersOf({ statuses: STATUSES })).map(
    ({ userId }: { userId: string }) => userId,
  );
  expect(found).not.toContain('eve');
});
