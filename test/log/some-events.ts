import fc from 'fast-check';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { Filter } from '../../src/log/filter.ts';
import { newEvent } from './new-event.ts';

const TYPES = ['message_sent', 'message_read', 'app_opened', 'user_logged_in'];
export const USERS = ['1', '2', '3', '$x', 'a.b', ''];
const INSTALLATIONS = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'];
const START = Date.UTC(2026, 0, 1);
const instant = fc.integer({ min: 0, max: 50 }).map((second) => new Date(START + second * 1_000));
const orNull = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values));

/** Events of few types, users and instants, so that any filter meets some. */
export function someEvents(count: number, seed: number): NewEvent[] {
  const parts = fc.record({
    type: fc.constantFrom(...TYPES),
    userId: orNull(USERS),
    installationId: orNull(INSTALLATIONS),
    occurredOn: instant,
    receivedAt: instant,
  });
  return fc
    .sample(parts, { numRuns: count, seed })
    .map((part) => ({ ...newEvent(), ...part, typeName: part.type }));
}

const listOf = (values: readonly string[]) =>
  fc.option(fc.array(fc.constantFrom(...values, 'nobody'), { maxLength: 3 }), { nil: undefined });
const range = fc.option(
  fc.record(
    {
      from: fc.option(instant, { nil: undefined }),
      until: fc.option(instant, { nil: undefined }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

/** Any filter, with members absent, undefined, empty, doubled, or in the wrong order. */
export const anyFilter: fc.Arbitrary<Filter> = fc.record(
  {
    types: listOf(TYPES),
    userIds: listOf(USERS),
    installationIds: listOf(INSTALLATIONS),
    occurredOn: range,
    receivedAt: range,
  },
  { requiredKeys: [] },
);

/** What a filter means, said once more in the plainest words. */
export function isWanted(filter: Filter, event: NewEvent): boolean {
  const { types, userIds, installationIds, occurredOn, receivedAt } = filter;
  if (types && !types.includes(event.type)) return false;
  if (userIds && !userIds.some((id) => id === event.userId)) return false;
  if (installationIds && !installationIds.some((id) => id === event.installationId)) return false;
  for (const [range, date] of [
    [occurredOn, event.occurredOn],
    [receivedAt, event.receivedAt],
  ] as const) {
    if (range?.from && date.getTime() < range.from.getTime()) return false;
    if (range?.until && date.getTime() >= range.until.getTime()) return false;
  }
  return true;
}
