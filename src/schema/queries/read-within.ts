import type { NewEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
import { jsonSize } from '../../memory/json-size.ts';
import type { GraphqlContext } from '../context.ts';

/**
 * Reads within the memory of the operation, which holds the result until the answer is sent.
 * @param read gets how many bytes it may bring
 * @throws EventlineError SERVICE_UNAVAILABLE, RESPONSE_TOO_LARGE; see OperationMemory
 */
export function readWithin<T>(
  { memory, limits }: Pick<GraphqlContext, 'memory' | 'limits'>,
  read: (maxBytes: number) => Promise<T>,
  sizeOfResult: (result: T) => number,
): Promise<T> {
  return memory ? memory.read(read, sizeOfResult) : read(limits.maxPageBytes);
}

/** Holds the memory of a result that was computed, until the answer is sent. @throws as readWithin */
export async function holdResult<T>(
  { memory }: Pick<GraphqlContext, 'memory'>,
  result: T,
): Promise<T> {
  const bytes = sizeOfJson(result);
  return memory
    ? memory.read(
        async () => result,
        () => bytes,
        bytes,
      )
    : result;
}

/** Returns about the memory of a result: its texts are the sender's, of any length. */
export function sizeOfJson(result: unknown): number {
  return jsonSize(result, Number.POSITIVE_INFINITY);
}

/** Returns the bytes of memory of events. */
export function sizeOfEvents(events: readonly (NewEvent | null | undefined)[]): number {
  return events.reduce((sum, event) => sum + (event ? sizeOf(event) : 0), 0);
}
