import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainTies, type StatusStep } from '../../src/projections/chain-ties.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

type Sent = readonly [second: number, from: number | null | 'login', to: number];

async function plansAfter(userId: string, sent: readonly Sent[]) {
  for (const [second, from, to] of sent) {
    const user = { user_id: userId };
    const body =
      from === 'login'
        ? { type: 'user_logged_in', payload: { ...user, status: to } }
        : { type: 'user_status_changed', payload: { ...user, from_status: from, to_status: to } };
    const occurred_on = `2024-01-01T00:00:0${second}+0000`;
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
      const steps = plans.map((code, index): StatusStep => {
        const from = index === 0 ? first : plans[index - 1];
        return { occurredOn, from, code, position: place(index) };
      });
      const shuffled = steps.toSorted((a, b) => a.position - b.position);
      const known = { occurredOn: new Date(-1), from: undefined, code: first, position: 0 };
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
