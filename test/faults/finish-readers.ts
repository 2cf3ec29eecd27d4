import type { ReadersCheck } from './check-readers.ts';
import type { EventNumbers } from './event-numbers.ts';
import type { Reader } from './reader.ts';
import { withLimit } from './with-limit.ts';

const MAX_NAMED = 10;

/**
 * Resolves when every reader has received its last expected event.
 *
 * @throws Error on a timeout, with the readers that are behind and their state
 */
export async function finishReaders(
  readers: readonly Reader[],
  { check, numbers, limitMs }: { check: ReadersCheck; numbers: EventNumbers; limitMs: number },
): Promise<void> {
  const behind = new Map<Reader, string>();
  const arrivals = readers.map((reader) => {
    reader.hurry = true;
    const wanted = check.lastCursor(reader);
    if (wanted === undefined) return undefined;
    return new Promise<void>((resolve) => {
      behind.set(reader, wanted);
      reader.onEvent = () => {
        const last = reader.received.at(-1);
        if (last === undefined || numbers.cursorOf(last) !== wanted) return;
        behind.delete(reader);
        resolve();
      };
      reader.onEvent();
    });
  });
  await withLimit(Promise.all(arrivals), limitMs, () => {
    const named = [...behind.keys()]
      .slice(0, MAX_NAMED)
      .map(({ planned, received, doing }) => `  ${planned.name}: got ${received.length}, ${doing}`);
    return `${behind.size} readers have not reached the end after ${limitMs / 1_000} s:\n${named.join('\n')}`;
  });
}
