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

/** Selects events. An omitted member matches everything; an empty list matches nothing. */
export interface Filter extends PayloadFilter {
  types?: readonly string[] | undefined;
  userIds?: readonly string[] | undefined;
  /** Lower case. */
  installationIds?: readonly string[] | undefined;
  occurredOn?: DateRange | undefined;
  receivedAt?: DateRange | undefined;
}

/** Returns true when a filter cannot match any event. */
export function isEmpty(filter: Filter): boolean {
  const { userIds, installationIds, specialities, professionalIds, statuses } = filter;
  return (
    [userIds, installationIds, specialities, professionalIds, statuses, typesOf(filter)].some(
      (list) => list?.length === 0,
    ) || [filter.occurredOn, filter.receivedAt].some(isEmptyRange)
  );
}

/**
 * Returns the types that a filter can match, without duplicates; undefined for all. Conditions on
 * the payload restrict them to types that have the field.
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

/** Returns the filter as a predicate, equivalent to `toQuery`. */
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
 * Returns the filter as MongoDB conditions, most selective first: the embedded server uses the
 * index of the first member.
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

/** Types with the same keys for the requested fields share a condition; usually there is one. */
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
  // The types are repeated at the front, since the database selects its index by them.
  if (alternatives.length > 1) return { type: isOneOf(types), $or: alternatives };
  return alternatives[0] ?? { type: isOneOf([]) };
}

/** @param types types with the same keys for all conditions */
function ofTypes(types: readonly string[], conditions: readonly PayloadCondition[]) {
  const pathOf = ({ keys }: PayloadCondition) => `payload.${keys.get(types[0] ?? '')}`;
  const fields = (isIndexed: boolean) =>
    conditions
      .filter(({ name }) => payloadFilters[name].isIndexed === isIndexed)
      .map((condition) => [pathOf(condition), condition.query]);
  // MongoDB compares the items of an array, too. Apart from the values, since an index serves them
  // only as plain values (`isOneOf`).
  const arrays = conditions.map((condition) => ({ [pathOf(condition)]: { $type: 'array' } }));
  return {
    ...Object.fromEntries([...fields(true), ['type', isOneOf(types)], ...fields(false)]),
    ...(arrays.length > 0 && { $nor: arrays }),
  };
}

function setOf<T>(values: readonly T[] | undefined): ReadonlySet<T> | undefined {
  return values && new Set(values);
}

function isEmptyRange(range: DateRange | undefined): boolean {
  return range?.from !== undefined && range.until !== undefined && range.from >= range.until;
}

function within(range: DateRange | undefined, instant: Date): boolean {
  if (range === undefined) return true;
  return (
    (range.from === undefined || instant >= range.from) &&
    (range.until === undefined || instant < range.until)
  );
}

/** Returns the MongoDB condition of a date range; no condition for undefined. */
export function between(name: string, range: DateRange | undefined) {
  if (range?.from === undefined && range?.until === undefined) return {};
  return {
    [name]: {
      ...(range.from !== undefined && { $gte: range.from }),
      ...(range.until !== undefined && { $lt: range.until }),
    },
  };
}
