import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  createEventsClient,
  type EventsClient,
  type EventsClientOptions,
  type EventsClientState,
} from '../../src/client/create-events-client.ts';
import { PATIENCE_MS } from '../utils/patience.ts';

export const transports = ['websocket', 'sse'] as const;

export interface TestClient extends EventsClient {
  /** All states so far, by name. */
  statuses(): EventsClientState['status'][];
  states: EventsClientState[];
  /** Resolves at the next change to this status. */
  becomes(status: EventsClientState['status']): Promise<EventsClientState>;
}

/**
 * A client that retries quickly, does not mistake a slow machine for a lost connection, and lets a
 * test wait for its states. It is closed with the test.
 */
export function connectClient(options: EventsClientOptions): TestClient {
  const states: EventsClientState[] = [];
  const waiters = new Set<(state: EventsClientState) => void>();
  const client = createEventsClient({
    webSocketImpl: WebSocket,
    backOff: { firstMs: 2, longestMs: 20 },
    ...{ timeoutMs: PATIENCE_MS, heartbeatMs: PATIENCE_MS },
    ...options,
    onState(state) {
      states.push(state);
      for (const waiter of [...waiters]) waiter(state);
      options.onState?.(state);
    },
  });
  onTestFinished(client.close);
  return Object.assign(Object.create(client), {
    states,
    statuses: () => states.map(({ status }) => status),
    becomes: (status: EventsClientState['status']) =>
      new Promise<EventsClientState>((resolve) => {
        waiters.add(function waiter(state) {
          if (state.status !== status) return;
          waiters.delete(waiter);
          resolve(state);
        });
      }),
  }) as TestClient;
}

/** The next so many items of an iterator. */
export async function take<T>(iterator: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < count) {
    const { done, value } = await iterator.next();
    if (done) throw new Error(`ended after ${items.length}`);
    items.push(value);
  }
  return items;
}
