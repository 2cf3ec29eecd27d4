import type { JsonObject } from '../../src/catalog/json.ts';

/** An event as the sender wrote it, with the webhook's answer. */
export interface Raw {
  type: string;
  occurred_on: string;
  payload: JsonObject;
  id: string;
  position: number;
}

/** Sorts by the sender's instants, then by log order. */
export function sorted(events: readonly Raw[]): Raw[] {
  return [...events].sort(
    (one, other) =>
      Date.parse(one.occurred_on) - Date.parse(other.occurred_on) || one.position - other.position,
  );
}

export function count(events: readonly Raw[], keyOf: (event: Raw) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
  return counts;
}

export function distinct(events: readonly Raw[], key: string): number {
  return new Set(events.map(({ payload }) => payload[key] ?? null).filter((id) => id !== null))
    .size;
}

/** Returns the local date in that time zone. */
export function dayIn(timeZone: string, { occurred_on }: Pick<Raw, 'occurred_on'>): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date(occurred_on));
}

/** Returns the Monday of that week. */
export function weekIn(timeZone: string, event: Raw): string {
  const day = new Date(`${dayIn(timeZone, event)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** Returns the nearest-rank percentile: the least value that this percentage does not exceed. */
export function rank(values: readonly number[], percent: number): number | undefined {
  const inOrder = [...values].sort((one, other) => one - other);
  return inOrder[Math.ceil((percent / 100) * inOrder.length) - 1];
}
