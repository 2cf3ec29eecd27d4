import { describeLimit, type Limits } from '../../config/limits.ts';
import { EventlineError } from '../../errors.ts';
import type { Release } from './viewer-limits.ts';

/**
 * Counts each socket's operations until they end. The list of graphql-ws is not enough: it drops an
 * operation at the client's `complete`, while a query runs to its end.
 */
export function createOperationCounter(limits: Limits) {
  const counts = new WeakMap<object, number>();
  return {
    /** Counts one operation. @throws EventlineError RATE_LIMITED */
    start(socket: object): Release {
      const count = counts.get(socket) ?? 0;
      if (count >= limits.maxOperationsPerSocket) {
        const most = describeLimit(limits, 'maxOperationsPerSocket');
        throw new EventlineError('RATE_LIMITED', `A socket may have ${most} operations open.`);
      }
      counts.set(socket, count + 1);
      let isOpen = true;
      return () => {
        if (isOpen) counts.set(socket, (counts.get(socket) ?? 1) - 1);
        isOpen = false;
      };
    },
  };
}
