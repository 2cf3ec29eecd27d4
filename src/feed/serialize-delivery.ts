import type { FlowingEvents } from './flowing-events.ts';
import { returnThis } from './return-this.ts';

export interface DeliveryMethods<Item> extends Pick<FlowingEvents<Item>, 'flow' | 'recheck'> {
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Ends the iterator; pending calls settle. */
  end(): void;
}

/**
 * Creates an iterator that runs `next`, `flow` and `recheck` one at a time, whatever the consumer
 * does. An error ends it; an error of `flow` is thrown by the following `next`.
 */
export function serializeDelivery<Item>({
  next,
  flow,
  recheck,
  end,
}: DeliveryMethods<Item>): FlowingEvents<Item> {
  let lastCall: Promise<unknown> = Promise.resolve();
  let failure: { error: unknown } | undefined;

  function afterLast<T>(work: () => Promise<T>): Promise<T> {
    const result = lastCall.then(work).catch((error) => {
      end();
      throw error;
    });
    lastCall = result.catch(() => undefined);
    return result;
  }

  const events: FlowingEvents<Item> = {
    recheck,
    next: () =>
      afterLast(async () => {
        if (failure === undefined) return next();
        const { error } = failure;
        failure = undefined;
        throw error;
      }),
    flow: (take) =>
      afterLast(() => flow(take)).catch((error) => {
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
