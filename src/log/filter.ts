import type { StoredEvent } from '../catalog/event.ts';

/** From (inclusive) until (exclusive); an absent end is open. */
export interface DateRange {
  from?: Date | undefined;
  until?: Date | undefined;
}

/** Which events are wanted. An absent member wants all, an empty list wants none. */
export interface Filter {
  types?: readonly string[] | undefined;
  userIds?: readonly string[] | undefined;
  /** Lower case. */
  installationIds?: readonly string[] | undefined;
  occurredOn?: DateRange | undefined;
  receivedAt?: DateRange | undefined;
}

/** True when a filter can match nothing, whatever the log holds. */
export function isEmpty(filter: Filter): boolean {
  const { types, userIds, installationIds } = filter;
  return [types, userIds, installationIds].some((list) => list?.length === 0);
}

/** The filter as a test of one event; it means what `toQuery` means. */
export function toPredicate(filter: Filter): (event: StoredEvent) => boolean {
  const types = filter.types && new Set(filter.types);
  const userIds = filter.userIds && new Set(filter.userIds);
  const installationIds = filter.installationIds && new Set(filter.installationIds);
  return (event) =>
    (types === undefined || types.has(event.type)) &&
    (userIds === undefined || (event.userId !== null && userIds.has(event.userId))) &&
    (installationIds === undefined ||
      (event.installationId !== null && installationIds.has(event.installationId))) &&
    within(filter.occurredOn, event.occurredOn) &&
    within(filter.receivedAt, event.receivedAt);
}

/** The filter as conditions of a MongoDB query. */
export function toQuery(filter: Filter): Record<string, unknown> {
  return {
    ...oneOf('type', filter.types),
    ...oneOf('userId', filter.userIds),
    ...oneOf('installationId', filter.installationIds),
    ...between('occurredOn', filter.occurredOn),
    ...between('receivedAt', filter.receivedAt),
  };
}

function within(range: DateRange | undefined, instant: Date): boolean {
  if (range === undefined) return true;
  return (
    (range.from === undefined || instant >= range.from) &&
    (range.until === undefined || instant < range.until)
  );
}

function oneOf(name: string, values: readonly string[] | undefined) {
  if (values === undefined) return {};
  // `$eq` keeps a value a value, whatever it looks like.
  return { [name]: values.length === 1 ? { $eq: values[0] } : { $in: [...values] } };
}

function between(name: string, range: DateRange | undefined) {
  if (range?.from === undefined && range?.until === undefined) return {};
  return {
    [name]: {
      ...(range.from !== undefined && { $gte: range.from }),
      ...(range.until !== undefined && { $lt: range.until }),
    },
  };
}
