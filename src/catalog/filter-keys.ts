import { catalog } from './catalog.ts';
import type { EventDefinition } from './define-event.ts';
import type { NewEvent } from './event.ts';
import type { JsonValue } from './json.ts';
import { type PayloadFilterName, payloadFilters } from './payload-filters.ts';

export const payloadFilterNames = Object.keys(payloadFilters) as PayloadFilterName[];

/** For each filter: the types that have a field for it, with the key of that field. */
export const filterKeys: Readonly<Record<PayloadFilterName, ReadonlyMap<string, string>>> =
  collectFilterKeys(catalog);

/** The keys of payloads by which the log has an index. */
export const indexedKeys: readonly string[] = [
  ...new Set(
    payloadFilterNames
      .filter((name) => payloadFilters[name].isIndexed)
      .flatMap((name) => [...filterKeys[name].values()]),
  ),
];

/** @throws TypeError when an event would have two values for one filter */
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
 * What an event has for a filter; undefined for none. Only known types have any: what another type
 * holds under the same key may mean anything.
 */
export function filterValue(
  { type, payload }: Pick<NewEvent, 'type' | 'payload'>,
  name: PayloadFilterName,
): JsonValue | undefined {
  const key = filterKeys[name].get(type);
  return key !== undefined && Object.hasOwn(payload, key) ? payload[key] : undefined;
}
