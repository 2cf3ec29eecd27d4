import fc from 'fast-check';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { describe, expect, test } from 'vitest';
import { maySee, narrow, type Viewer } from '../../src/auth/viewer.ts';
import { visiblePayload } from '../../src/auth/visible-payload.ts';
import type { StoredEvent } from '../../src/catalog/event.ts';
import { completeLimits } from '../../src/config/limits.ts';
import type { EventIds } from '../../src/log/read/event-ids.ts';
import { toPredicate } from '../../src/log/read/filter.ts';
import { schema } from '../../src/schema/schema.ts';
import { openFeed } from '../feed/open-feed.ts';
import { emptyDatabase } from '../log/open-logs.ts';
import { anyFilter, matchesFilter, someEvents } from '../log/some-events.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { anyPayload, anyViewer, isAllowed, isVisible, shownPayload } from './any-viewer.ts';
import { type Case, someCases, someShownEvents, toVariable } from './some-cases.ts';

const RULE_RUNS = 10_000;
const stored: StoredEvent[] = someEvents(500, 1).map((event, index) => ({
  ...event,
  position: index + 1,
}));

/** The expected events for a filter, by the plain rule; undefined for FORBIDDEN. */
function shownTo({ viewer, filter }: Case, events: readonly StoredEvent[]) {
  if (!isAllowed(viewer, filter)) return undefined;
  return events.filter((event) => isVisible(viewer, event) && matchesFilter(filter, event));
}

const code = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

/** Compares `auth/` with the plain rule, without a database or network. */
describe(`the visibility rule, in ${RULE_RUNS} random cases`, () => {
  test('a narrowed filter matches exactly the visible events, of 20 each', () => {
    const start = fc.nat(stored.length - 20);
    fc.assert(
      fc.property(anyViewer, anyFilter, start, (viewer, filter, first) => {
        const events = stored.slice(first, first + 20);
        const expected = shownTo({ viewer, filter }, events);
        if (expected === undefined) {
          expect(code(() => narrow(viewer, filter))).toBe('FORBIDDEN');
        } else {
          expect(events.filter(toPredicate(narrow(viewer, filter)))).toEqual(expected);
        }
        for (const event of events) expect(maySee(viewer, event)).toBe(isVisible(viewer, event));
      }),
      { numRuns: RULE_RUNS },
    );
  });

  test('a visible payload lacks all personal values and keeps all others', () => {
    const owner = fc.option(fc.constantFrom('1', '2', 'nobody'));
    fc.assert(
      fc.property(anyViewer, anyPayload, owner, (viewer, payload, userId) => {
        const before = JSON.stringify(payload);
        const shown = visiblePayload(viewer, { payload, userId });
        expect(JSON.stringify(shown)).toBe(
          JSON.stringify(shownPayload(viewer, { payload, userId })),
        );
        // The event is shared: it must be unchanged for the next viewer.
        expect(JSON.stringify(payload)).toBe(before);
      }),
      { numRuns: RULE_RUNS },
    );
  });
});

/** Uses the schema on a real log and feed, without a network. */
test('2 × 400 subscriptions on one log receive what the rule allows, replayed and live', async () => {
  const { log, feed, published, until } = await openFeed(await emptyDatabase());
  const start = log.cursors.encode(0);
  const cases = someCases(400, 2);
  const append = async (count: number, seed: number) => {
    const events = someShownEvents(count, seed);
    const results = await Promise.all(events.map((event) => log.appender.append(event, 200)));
    await until(Math.max(...results.map(({ position = 0 }) => position)));
  };
  await append(150, 3);
  const before = published.length;
  const replays = await Promise.all(cases.map((its) => open(its, start)));
  const lives = await Promise.all(cases.map((its) => open(its)));
  const opened = [...replays, ...lives].filter(({ ended }) => ended !== undefined);
  // Every subscription has read the log to its end.
  await waitUntil(() => feed.size() >= opened.length);
  await append(150, 4);
  expect(published).toHaveLength(300);
  for (const [index, its] of cases.entries()) {
    const wanted = [
      [replays[index], published],
      [lives[index], published.slice(before)],
    ] as const;
    for (const [subscription, events] of wanted) {
      const count = shownTo(its, events)?.length ?? 0;
      await waitUntil(() => (subscription?.results.length ?? 0) >= count);
    }
  }
  let shown = 0;
  let refused = 0;
  for (const [index, its] of cases.entries()) {
    for (const [subscription, events] of [
      [replays[index], published],
      [lives[index], published.slice(before)],
    ] as const) {
      const expected = shownTo(its, events);
      if (expected === undefined) {
        refused += 1;
        expect(subscription?.code).toBe('FORBIDDEN');
      } else {
        shown += expected.length;
        expect(subscription?.results).toEqual(
          expected.map((event) => ({ data: { events: seenBy(its.viewer, event, log.eventIds) } })),
        );
      }
    }
  }
  // Both outcomes of the rule occurred often.
  expect(Math.min(shown, refused)).toBeGreaterThan(200);
  for (const { end } of opened) await end();

  async function open({ viewer, filter }: Case, after?: string) {
    const answer = await subscribe({
      schema,
      document,
      contextValue: { viewer, log, feed, limits: completeLimits() },
      variableValues: { filter: toVariable(filter), after },
    });
    const results: ExecutionResult[] = [];
    if (!(Symbol.asyncIterator in answer)) {
      const error = answer.errors?.[0]?.originalError as { code?: string } | undefined;
      return { results, code: error?.code, ended: undefined, end: async () => undefined };
    }
    const ended = (async () => {
      for await (const result of answer) results.push(JSON.parse(JSON.stringify(result)));
    })();
    const end = async () => {
      await answer.return(undefined);
      await ended;
    };
    return { results, code: undefined, ended, end };
  }
});

const document = parse(
  'subscription ($filter: EventFilter, $after: String) { events(filter: $filter, after: $after) { id userId payload } }',
);

function seenBy(viewer: Viewer, event: StoredEvent, { globalId }: EventIds) {
  const payload = JSON.parse(JSON.stringify(shownPayload(viewer, event)));
  return { id: globalId(event), userId: event.userId, payload };
}
