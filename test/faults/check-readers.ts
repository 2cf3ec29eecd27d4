import type { CheckedLog } from './check-log.ts';
import type { EventNumbers } from './event-numbers.ts';
import type { Findings } from './findings.ts';
import type { Reader } from './reader.ts';

/** Checks what readers received against the log. */
export interface ReadersCheck {
  /** The cursor of the last event that a reader must receive; undefined if there is none. */
  lastCursor(reader: Reader): string | undefined;
  /** Compares the received events with the expected ones. */
  check(reader: Reader): void;
}

/**
 * Creates a check that each reader received exactly the matching events from its first cursor to
 * the end of the log.
 */
export function createReadersCheck(
  { events, served }: CheckedLog,
  {
    beginning,
    numbers,
    findings,
  }: { beginning: string; numbers: EventNumbers; findings: Findings },
): ReadersCheck {
  const positions = new Map(served.map(({ cursor }, index) => [cursor, index + 1]));
  positions.set(beginning, 0);

  const positionOf = (number: number) => {
    const position = positions.get(numbers.cursorOf(number));
    const isSame = position && served[position - 1]?.id === numbers.idOf(number);
    return isSame ? position : undefined;
  };

  /** The position after which it started; undefined if unknown. */
  function startOf({ startCursor, received }: Reader): number | undefined {
    if (startCursor !== undefined) return positions.get(startCursor);
    const first = received[0];
    // A reader without a cursor starts at its first event; nothing may be missing after it.
    const position = first === undefined ? events.length + 1 : positionOf(first);
    return position && position - 1;
  }

  function expected({ planned }: Reader, start: number): number[] {
    const types = planned.types && new Set(planned.types);
    const userIds = planned.userIds && new Set(planned.userIds);
    const wanted: number[] = [];
    for (let index = start; index < events.length; index++) {
      const { type, userId } = events[index] as (typeof events)[number];
      if (types && !types.has(type)) continue;
      if (userIds && (userId === undefined || !userIds.has(userId))) continue;
      wanted.push(index + 1);
    }
    return wanted;
  }

  return {
    lastCursor(reader) {
      const start = startOf(reader);
      const last = start === undefined ? undefined : expected(reader, start).at(-1);
      return last === undefined ? undefined : served[last - 1]?.cursor;
    },
    check(reader) {
      const { name } = reader.planned;
      const start = startOf(reader);
      if (start === undefined) {
        findings.add('wrong', `${name} started at a place that is not in the log`);
        return;
      }
      const missing = new Set(expected(reader, start));
      const seen = new Set<number>();
      let last = start;
      for (const [index, number] of reader.received.entries()) {
        const position = positionOf(number);
        const what = `${name}: its event ${index + 1}, position ${position}`;
        if (position === undefined) findings.add('wrong', `${what}, is not in the log`);
        else if (seen.has(position)) findings.add('doubled', `${what}, came twice`);
        else if (position <= start)
          findings.add('doubled', `${what}, lies before its start ${start}`);
        else if (position < last) findings.add('disordered', `${what}, came after ${last}`);
        else if (!missing.has(position)) findings.add('wrong', `${what}, is not what it wants`);
        if (position === undefined) continue;
        missing.delete(position);
        seen.add(position);
        last = Math.max(last, position);
      }
      for (const position of missing) {
        findings.add('lost', `${name} never got position ${position}; it is ${reader.doing}`);
      }
    },
  };
}
