import type { StoredEvent } from '../../catalog/event.ts';
import { filterValue } from '../../catalog/filter-keys.ts';
import { payloadFilters } from '../../catalog/payload-filters.ts';
import { isOneOf } from '../../storage/is-one-of.ts';
import {
  type PayloadCondition,
  type PayloadFilter,
  payloadConditions,
} from './payload-conditions.ts';

/** From (inclusive) until (exclusive); an absent end is open. */
export interface DateRange {
  from?: Date | undefined;
  until?: Date | undefined;
}

/** Which events are wanted. An absent member wants all, an empty list wants none. */
export interface Filter extends PayloadFilter {
  types?: readonly string[] | undefined;
  userIds?: readonly string[] | undefined;
  /** Lower case. */
  installationIds?: readonly string[] | undefined;
  occurredOn?: DateRange | undefined;
  receivedAt?: DateRange | undefined;
}

/** True when a filter can match nothing, whatever the log holds. */
export function isEmpty(filter: Filter): boolean {
  const { userIds, installationIds, specialities, professionalIds, statuses } = filter;
  return (
    [userIds, installationIds, specialities, professionalIds, statuses, typesOf(filter)].some(
      (list) => list?.length === 0,
    ) || [filter.occurredOn, filter.receivedAt].some(holdsNothing)
  );
}

/**
 * The types that a filter can match, each once; undefined for all. What it asks of payloads narrows
 * them: only types that have such a field can have a value for it.
 */
export function typesOf(filter: Filter): string[] | undefined {
  return typesWith(filter.types, payloadConditions(filter));
}

function typesWith(
  types: readonly string[] | undefined,
  conditions: readonly PayloadCondition[],
): string[] | undefined {
  const having = conditions.map(({ keys }) => keys);
  const candidates = types ?? having[0]?.keys();
  if (candidates === undefined) return undefined;
  return [...new Set(candidates)].filter((type) => having.every((keys) => keys.has(type)));
}

/** The filter as a test of one event; it means what `toQuery` means. */
export function toPredicate(filter: Filter): (event: StoredEvent) => boolean {
  const conditions = payloadConditions(filter);
  const types = setOf(typesWith(filter.types, conditions));
  const userIds = setOf(filter.userIds);
  const installationIds = setOf(filter.installationIds);
  return (event) =>
    (types === undefined || types.has(event.type)) &&
    (userIds === undefined || (event.userId !== null && userIds.has(event.userId))) &&
    (installationIds === undefined ||
      (event.installationId !== null && installationIds.has(event.installationId))) &&
    conditions.every(({ name, matches }) => matches(filterValue(event, name))) &&
    within(filter.occurredOn, event.occurredOn) &&
    within(filter.receivedAt, event.receivedAt);
}

/**
 * The filter as conditions of a MongoDB query, what finds the fewest in front: the embedded server
 * takes the index of the first member.
 */
export function toQuery(filter: Filter): Record<string, unknown> {
  return {
    ...(filter.userIds && { userId: isOneOf(filter.userIds) }),
    ...(filter.installationIds && { installationId: isOneOf(filter.installationIds) }),
    ...typesAndPayloads(filter),
    ...between('occurredOn', filter.occurredOn),
    ...between('receivedAt', filter.receivedAt),
  };
}

/** Types that have what is asked for under the same keys share a condition; mostly there is one. */
function typesAndPayloads(filter: Filter): Record<string, unknown> {
  const conditions = payloadConditions(filter);
  const types = typesWith(filter.types, conditions);
  if (types === undefined) return {};
  const groups = new Map<string, string[]>();
  for (const type of types) {
    const keys = conditions.map((condition) => condition.keys.get(type)).join();
    groups.set(keys, [...(groups.get(keys) ?? []), type]);
  }
  const alternatives = [...groups.values()].map((group) => ofTypes(group, conditions));
  // The types stand once more in front: it is by them that the database finds its index.
  if (alternatives.length > 1) return { type: isOneOf(types), $or: alternatives };
  return alternatives[0] ?? { type: isOneOf([]) };
}

/** @param types some that have the same keys for all conditions */
function ofTypes(types: readonly string[], conditions: readonly PayloadCondition[]) {
  const fields = (isIndexed: boolean) =>
    conditions
      .filter(({ name }) => payloadFilters[name].isIndexed === isIndexed)
      .map(({ keys, query }) => [`payload.${keys.get(types[0] ?? '')}`, query]);
  return Object.fromEntries([...fields(true), ['type', isOneOf(types)], ...fields(false)]);
}

function setOf<T>(values: readonly T[] | undefined): ReadonlySet<T> | undefined {
  return values && new Set(values);
}

function holdsNothing(range: DateRange | undefined): boolean {
  return range?.from !== undefined && range.until !== undefined && range.from >= range.until;
}

function within(range: DateRange | undefined, instant: Date): boolean {
  if (range === undefined) return true;
  return (
    (range.from === undefined || instant >= range.from) &&
    (range.until === undefined || instant < range.until)
  );
}

/** The MongoDB condition that a member lies in a span of time; of none it asks nothing. */
export function between(name: string, range: DateRange | undefined) {
  if (range?.from === undefined && range?.until === undefined) return {};
  return {
    [name]: {
      ...(range.from !== undefined && { $gte: range.from }),
      ...(range.until !== undefined && { $lt: range.until }),
    },
  };
}
