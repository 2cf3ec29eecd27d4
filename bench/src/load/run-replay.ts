import { RESUMING_OPERATION } from '../contract.ts';
import { openSubscriberGroup } from './subscriber-group.ts';

export interface ReplayOptions {
  port: number;
  token: string;
  /** The cursor after which all readers resume. */
  after: string;
  readers: number;
  /** Number of events after that cursor. */
  events: number;
}

/** Result of readers that all resume after the same cursor. */
export interface Replay {
  /** Messages that all readers received. */
  deliveries: number;
  seconds: number;
}

/** Connects the readers, and returns a function that subscribes and resolves when all have all events. */
export async function prepareReplay({ port, token, after, readers, events }: ReplayOptions) {
  const reader = { port, token, operation: RESUMING_OPERATION, variables: [{ after }] };
  const group = await openSubscriberGroup(Array.from({ length: readers }, () => reader));
  return async function run(): Promise<Replay> {
    const deliveries = readers * events;
    const startedMs = performance.now();
    const all = group.waitForCount(deliveries);
    group.subscribe();
    await all;
    const seconds = (performance.now() - startedMs) / 1_000;
    group.close();
    return { deliveries, seconds };
  };
}
