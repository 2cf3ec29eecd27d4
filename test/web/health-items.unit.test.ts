import { expect, test } from 'vitest';
import { type Health, healthItems } from '../../web/src/shell/health-items.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);

type Answer = NonNullable<Health['answer']>;

function itemsOf(changes: Partial<Answer['health']> = {}, malformed = 0, fault?: string) {
  const health = {
    ...{ isDatabaseUp: true, lastReceivedAt: new Date(NOW_MS - 1_000).toISOString() },
    ...{ storedToday: 1, feedLagPositions: 0, feedLagSeconds: 0 },
    ...{ listsLagPositions: 0, listsLagSeconds: 0, quarantined: 0, ...changes },
  };
  const events = Array.from({ length: malformed }, (_, id) => ({ id: String(id) }));
  const answer = { health, malformedEvents: { examined: 100, events } } as Answer;
  return healthItems({ answer, fault, perSecond: 1 }, NOW_MS);
}

test('nothing is red, and nothing leads anywhere, while nothing is wrong', () => {
  expect(itemsOf().filter(({ isWrong, href }) => isWrong || href)).toEqual([]);
});

test.each([
  ['fault', '#/health', itemsOf({}, 0, 'Stopped: x')],
  ['database', '#/health', itemsOf({ isDatabaseUp: false })],
  ['last', '#/health', itemsOf({ lastReceivedAt: new Date(NOW_MS - 3_600_001).toISOString() })],
  ['feed', '#/health', itemsOf({ feedLagPositions: 9, feedLagSeconds: 11 })],
  ['lists', '#/health', itemsOf({ listsLagPositions: 9, listsLagSeconds: 61 })],
  ['malformed', '#/deliveries', itemsOf({}, 2)],
  ['quarantine', '#/deliveries', itemsOf({ quarantined: 3 })],
])('what is wrong with %s is red and leads to %s', (id, href, items) => {
  const wrong = items.filter(({ isWrong }) => isWrong);
  expect(wrong).toMatchObject([{ id, href }]);
});
