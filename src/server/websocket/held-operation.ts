import type { OperationMemory } from '../../memory/memory-budget.ts';
import { createSharedUse } from '../../memory/shared-use.ts';
import type { Release } from '../graphql/viewer-limits.ts';

/** What an operation over WebSocket holds; every function may be called more than once. */
export interface HeldOperation {
  readonly memory: OperationMemory;
  /** Counts it as a query, until it was executed and sent. */
  countQuery(release: Release): void;
  /** The execution has ended, or will not begin. */
  executed: Release;
  /** The result was sent, or never will be. */
  sent: Release;
}

/**
 * @param ended called when the execution has ended
 * @param onClosed calls back when the connection has closed; returns how to call it off
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
    memory.release();
    endSending();
    callOff?.();
  }
  const callOff = onClosed?.(sent);
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
