/** Maps events to integers, so that many readers can remember many of them. */
export interface EventNumbers {
  /** Returns the number for a cursor and an id, the same each time. */
  of(event: { cursor: string; id: string }): number;
  cursorOf(number: number): string;
  idOf(number: number): string;
}

export function createEventNumbers(): EventNumbers {
  const byKey = new Map<string, number>();
  const events: { cursor: string; id: string }[] = [];
  return {
    of({ cursor, id }) {
      // The pair is the key: a cursor with another id is another event.
      const key = `${cursor} ${id}`;
      const known = byKey.get(key);
      if (known !== undefined) return known;
      byKey.set(key, events.length);
      return events.push({ cursor, id }) - 1;
    },
    cursorOf: (number) => events[number]?.cursor ?? '',
    idOf: (number) => events[number]?.id ?? '',
  };
}
