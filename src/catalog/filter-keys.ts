import { catalog } from './catalog.ts';
import type { EventDefinition } from './define-event.ts';
import type { NewEvent } from './event.ts';
import type { JsonValue } from './json.ts';
import { type PayloadFilterName, payloadFilters } from './payload-filters.ts';
import { declaredValue } from './well-formed.ts';

export const payloadFilterNames = Object.keys(payloadFilters) as PayloadFilterName[];

/** For each filter: the types that have a field for it, with the key of that field. */
export const filterKeys: Readonly<Record<PayloadFilterName, ReadonlyMap<string, string>>> =
  collectFilterKeys(catalog);

/** Payload keys that are indexed in the log. */
export const indexedKeys: readonly string[] = [
  ...new Set(
    payloadFilterNames
      .filter((name) => payloadFilters[name].isIndexed)
      .flatMap((name) => [...filterKeys[name].values()]),
  ),
];

/** @throws TypeError when an event type would have two values for one filter */
export function collectFilterKeys(
  definitions: readonly EventDefinition[],
): Record<PayloadFilterName, Map<string, string>> {
  const keys = Object.fromEntries(
    payloadFilterNames.map((name) => [name, new Map<string, string>()]),
  ) as Record<PayloadFilterName, Map<string, string>>;
  for (const { name, fields } of definitions) {
    for (const [key, { filter }] of Object.entries(fields)) {
      if (filter === undefined) continue;
      const other = keys[filter].get(name);
      if (other !== undefined)
        throw new TypeError(`${name}: ${other} and ${key} are both ${filter}`);
      keys[filter].set(name, key);
    }
  }
  return keys;
}

/**
 * Returns an event's value for a filter, or undefined. Only known types have one: in another type
 * the same key may have any meaning. A value without the declared shape counts as missing.
 */
export function filterValue(
  event: Pick<NewEvent, 'type' | 'payload'>,
  name: PayloadFilterName,
): JsonValue | undefined {
  const key = filterKeys[name].get(event.type);
  return key === undefined ? undefined : declaredValue(event, key);
}
