import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainTies, type StatusStep } from '../../src/projections/chain-ties.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

type Sent = readonly [second: number | string, from: number | null | 'login', to: number];

async function plansAfter(userId: string, sent: readonly Sent[]) {
  for (const [second, from, to] of sent) {
    const user = { user_id: userId };
    const body =
      from === 'login'
        ? { type: 'user_logged_in', payload: { ...user, status: to } }
        : { type: 'user_status_changed', payload: { ...user, from_status: from, to_status: to } };
    const occurred_on = typeof second === 'string' ? second : `2024-01-01T00:00:0${second}+0000`;
    const answer = await server.postRaw(JSON.stringify({ ...body, occurred_on }));
    expect(answer.status).toBe(200);
  }
  const { body } = await server.query(
    'query ($id: ID!) { user(id: $id) { statusCode statusHistory { statusCode } } }',
    { id: userId },
  );
  const { statusCode, statusHistory } = body.data.user;
  const history = statusHistory.map((period: { statusCode: number }) => period.statusCode);
  expect(statusCode).toBe(history.at(-1));
  return history;
}

describe('events of one instant are ordered by the chain of their plans', () => {
  test.each<[string, Sent[], number[]]>([
    [
      'the second change arrives first',
      [
        [1, 0, 2],
        [1, 4, 0],
      ],
      [0, 2],
    ],
    [
      'three, the last first',
      [
        [1, 2, 7],
        [1, 0, 2],
        [1, 4, 0],
      ],
      [0, 2, 7],
    ],
    [
      'after a known plan',
      [
        [0, 'login', 4],
        [1, 0, 2],
        [1, 4, 0],
      ],
      [4, 0, 2],
    ],
    [
      'there and back',
      [
        [0, 'login', 0],
        [1, 2, 0],
        [1, 0, 2],
      ],
      [0, 2, 0],
    ],
    [
      'a circuit on the way',
      [
        [0, 'login', 0],
        [1, 0, 4],
        [1, 2, 0],
        [1, 0, 2],
      ],
      [0, 2, 0, 4],
    ],
    [
      'a login before its change',
      [
        [1, 0, 2],
        [1, 'login', 0],
      ],
      [0, 2],
    ],
    [
      'a login after its change',
      [
        [1, 'login', 2],
        [1, 0, 2],
      ],
      [2],
    ],
    [
      'a change that does not say from where',
      [
        [0, 'login', 0],
        [1, null, 4],
        [1, 0, 4],
      ],
      [0, 4],
    ],
    [
      'two instants',
      [
        [2, 2, 0],
        [1, 4, 2],
        [2, 0, 4],
        [1, 0, 4],
      ],
      [4, 2, 0, 4],
    ],
    [
      'no chain at all: by arrival',
      [
        [1, 0, 2],
        [1, 4, 7],
      ],
      [2, 7],
    ],
  ])('%s', async (name, sent, plans) => {
    expect(await plansAfter(name, sent)).toEqual(plans);
  });

  test.each<[string, Sent[], number[]]>([
    [
      'microseconds',
      [
        ['2024-01-01T00:00:01.261200Z', 0, 2],
        ['2024-01-01T00:00:01.261100Z', 2, 0],
      ],
      [0, 2],
    ],
    [
      'nanoseconds, of logins',
      [
        ['2024-01-01T00:00:01.261100002Z', 'login', 0],
        ['2024-01-01T00:00:01.261100001Z', 'login', 2],
      ],
      [2, 0],
    ],
    [
      'a fraction behind none',
      [
        ['2024-01-01T00:00:01.0001Z', 'login', 0],
        ['2024-01-01T00:00:01Z', 'login', 2],
      ],
      [2, 0],
    ],
    [
      'a leap second',
      [
        ['2016-12-31T23:59:60.1Z', 0, 2],
        ['2016-12-31T23:59:59.9Z', 2, 0],
      ],
      [0, 2],
    ],
  ])('what milliseconds do not tell apart: %s', async (name, sent, plans) => {
    expect(await plansAfter(name, sent)).toEqual(plans);
  });

  test.each<[string, Sent[]]>([
    [
      'offsets',
      [
        ['2024-01-01T02:00:01.5+02:00', 0, 2],
        ['2024-01-01T00:00:01.500Z', 4, 0],
      ],
    ],
    [
      'commas',
      [
        ['2024-01-01 00:00:01,50 UTC', 0, 2],
        ['2024-01-01T00:00:01.5+0000', 4, 0],
      ],
    ],
  ])('other notations of one instant: %s', async (name, sent) => {
    expect(await plansAfter(name, sent)).toEqual([0, 2]);
  });

  test('a circuit ends where the next instant begins', async () => {
    const sent: Sent[] = [
      [1, 2, 0],
      [1, 0, 2],
      [2, 2, 4],
    ];
    for (const [index, order] of [sent, sent.toReversed()].entries()) {
      expect(await plansAfter(`circuit ${index}`, order)).toEqual([0, 2, 4]);
    }
  });

  test('equal changes within a second are one event, so the plan may be wrong', async () => {
    const sent: Sent[] = [
      [1, 0, 2],
      [1, 2, 0],
      [1, 0, 2],
    ];
    // Documented in docs/reference/webhook.md, "Identity".
    expect(await plansAfter('duplicate', sent)).toEqual([2, 0]);
  });
});

const walk = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 30 });

test('any order of a chain gives a chain with the same plans at both ends', () => {
  fc.assert(
    fc.property(walk, fc.func(fc.nat()), ([first = 0, ...plans], place) => {
      const occurredOn = new Date(0);
      const instant = '1970-01-01T00:00:00';
      const steps = plans.map((code, index): StatusStep => {
        const from = index === 0 ? first : plans[index - 1];
        return { occurredOn, instant, from, code, position: place(index) };
      });
      const shuffled = steps.toSorted((a, b) => a.position - b.position);
      const earlier = { occurredOn: new Date(-1), instant: '1969-12-31T23:59:59.999' };
      const known = { ...earlier, from: undefined, code: first, position: 0 };
      const [, ...ordered] = chainTies([known, ...shuffled]);
      expect(new Set(ordered)).toEqual(new Set(steps));
      expect(ordered).toHaveLength(steps.length);
      for (const [index, { from }] of ordered.entries()) {
        expect(from).toBe(ordered[index - 1]?.code ?? first);
      }
    }),
    { numRuns: 1000 },
  );
});

test('more than 32 events of one instant keep the order of their arrival', () => {
  const instant = '1970-01-01T00:00:00';
  const steps = (count: number) =>
    Array.from(
      { length: count },
      (_, index): StatusStep => ({
        ...{ occurredOn: new Date(0), instant, position: index },
        ...{ from: count - index - 1, code: count - index },
      }),
    );
  expect(chainTies(steps(32))).toEqual(steps(32).reverse());
  expect(chainTies(steps(33))).toEqual(steps(33));
});
