import type { OperationMemory } from '../../memory/memory-budget.ts';
import { createSharedUse } from '../../memory/shared-use.ts';
import type { Release } from '../graphql/viewer-limits.ts';

/** The resources of an operation over WebSocket; every function may be called more than once. */
export interface HeldOperation {
  readonly memory: OperationMemory;
  /** Counts it as a query until it is executed and its result is sent. */
  countQuery(release: Release): void;
  /** Call it when the execution has ended, or will not begin. */
  executed: Release;
  /** Call it when the result was sent, or will never be. */
  sent: Release;
}

/**
 * Tracks the resources of an operation until it is executed and its result is sent.
 *
 * @param ended called when the execution has ended
 * @param onClosed registers a callback for the end of the connection; returns a function that
 * cancels it
 */
export function holdOperation(
  memory: OperationMemory,
  ended: Release,
  onClosed: ((listener: Release) => Release) | undefined,
): HeldOperation {
  let uncount: Release | undefined;
  const query = createSharedUse(() => uncount?.());
  const endExecution = query.begin();
  const endSending = query.begin();
  function sent(): void {
    memory.end();
    endSending();
    cancelOnClosed?.();
  }
  const cancelOnClosed = onClosed?.(sent);
  return {
    memory,
    countQuery(release) {
      uncount = release;
    },
    executed() {
      ended();
      endExecution();
    },
    sent,
  };
}
