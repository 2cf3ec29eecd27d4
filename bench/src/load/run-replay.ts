import { RESUMING_OPERATION } from '../contract.ts';
import { openCrowd } from './crowd.ts';

export interface ReplayOptions {
  port: number;
  token: string;
  /** The cursor that all readers go on from. */
  after: string;
  readers: number;
  /** How many events lie behind it. */
  events: number;
}

/** What came of readers that all go on from one place. */
export interface Replay {
  /** Of all readers together. */
  deliveries: number;
  seconds: number;
}

/** Connects the readers; what is returned lets them begin, and resolves when all have all. */
export async function prepareReplay({ port, token, after, readers, events }: ReplayOptions) {
  const reader = { port, token, operation: RESUMING_OPERATION, variables: [{ after }] };
  const crowd = await openCrowd(Array.from({ length: readers }, () => reader));
  return async function run(): Promise<Replay> {
    const deliveries = readers * events;
    const startedMs = performance.now();
    const all = crowd.until(deliveries);
    crowd.begin();
    await all;
    const seconds = (performance.now() - startedMs) / 1_000;
    crowd.close();
    return { deliveries, seconds };
  };
}
