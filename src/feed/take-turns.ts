import type { FlowingEvents } from './flowing-events.ts';
import { returnThis } from './return-this.ts';

export interface Ways<Item> extends Pick<FlowingEvents<Item>, 'flow' | 'recheck'> {
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Ends all; what is under way settles then. */
  end(): void;
}

/**
 * Makes an iterator of the ways to take events, one at a time, whatever the consumer does. A failure
 * ends it; one of `flow` is told by the next `next`.
 */
export function takeTurns<Item>({ next, flow, recheck, end }: Ways<Item>): FlowingEvents<Item> {
  let turn: Promise<unknown> = Promise.resolve();
  let failure: { error: unknown } | undefined;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work).catch((error) => {
      end();
      throw error;
    });
    turn = result.catch(() => undefined);
    return result;
  }

  const events: FlowingEvents<Item> = {
    recheck,
    next: () =>
      inTurn(async () => {
        if (failure === undefined) return next();
        const { error } = failure;
        failure = undefined;
        throw error;
      }),
    flow: (take) =>
      inTurn(() => flow(take)).catch((error) => {
        failure = { error };
      }),
    // Not an async generator: its `return` would wait behind a `next` that may never come.
    async return() {
      end();
      return { done: true, value: undefined };
    },
    async throw(error) {
      end();
      throw error;
    },
    [Symbol.asyncIterator]: returnThis,
  };
  return events;
}
