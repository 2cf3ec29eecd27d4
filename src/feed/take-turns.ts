import type { FlowingEvents } from './flowing-events.ts';
import { returnThis } from './return-this.ts';

export interface Ways<Item> extends Pick<FlowingEvents<Item>, 'flow' | 'recheck'> {
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Ends the iterator; pending calls settle. */
  end(): void;
}

/**
 * Creates an iterator that runs `next`, `flow` and `recheck` one at a time, whatever the consumer
 * does. An error ends it; an error of `flow` is thrown by the following `next`.
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
    // Not an async generator: its `return` would wait for a pending `next` that may never settle.
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
