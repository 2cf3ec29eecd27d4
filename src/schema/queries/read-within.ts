import type { NewEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
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

/** Returns the bytes of memory of events. */
export function sizeOfEvents(events: readonly (NewEvent | null | undefined)[]): number {
  return events.reduce((sum, event) => sum + (event ? sizeOf(event) : 0), 0);
}
