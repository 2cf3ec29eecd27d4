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
  /** Names of all states so far. */
  statuses(): EventsClientState['status'][];
  states: EventsClientState[];
  /** Resolves at the next change to this status. */
  waitForStatus(status: EventsClientState['status']): Promise<EventsClientState>;
}

/**
 * Creates a client that retries quickly and tolerates a slow machine. It is closed with the test.
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
    waitForStatus: (status: EventsClientState['status']) =>
      new Promise<EventsClientState>((resolve) => {
        waiters.add(function waiter(state) {
          if (state.status !== status) return;
          waiters.delete(waiter);
          resolve(state);
        });
      }),
  }) as TestClient;
}

/** Returns the next items of an iterator. */
export async function take<T>(iterator: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < count) {
    const { done, value } = await iterator.next();
    if (done) throw new Error(`ended after ${items.length}`);
    items.push(value);
  }
  return items;
}
