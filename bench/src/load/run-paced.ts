import { setTimeout as delay } from 'node:timers/promises';
import { userOf } from '../contract.ts';
import { prepareDelivery } from './delivery.ts';
import { percentile } from './percentile.ts';
import type { Poster } from './poster.ts';
import type { SubscriberGroup } from './subscriber-group.ts';

const TICK_MS = 1;
const MESSAGE_ID = '"messageId":"';
const UUID_LENGTH = 36;

/** Result of events that were posted at a fixed rate. */
export interface Paced {
  events: number;
  seconds: number;
  /** Time from the post to the subscriber's message, or to the answer without subscribers, in milliseconds. */
  p50Ms: number;
  p99Ms: number;
  /** Time from the post to its answer, in milliseconds. */
  answerP50Ms: number;
  answerP99Ms: number;
  /** Time from the post to the message of a subscriber on another instance; NaN for one instance. */
  elsewhereP50Ms: number;
  elsewhereP99Ms: number;
  /** Percentiles of `writeMs` in the answers, where present, in milliseconds. */
  writeP50Ms: number;
  writeP99Ms: number;
}

export interface PacedOptions {
  ms: number;
  /** Events per second. */
  rate: number;
  users: number;
  /** Subscribers that get each event; default 1. */
  copies?: number;
}

/** Prepares the deliveries, and returns a function that posts them at the rate. */
export function preparePaced({ ms, rate, users, copies = 1 }: PacedOptions) {
  const total = Math.round((rate * ms) / 1_000);
  const deliveries = Array.from({ length: total }, (_, index) =>
    prepareDelivery(userOf((index * 7_919) % users)),
  );

  return async function run(
    group: SubscriberGroup | undefined,
    posters: readonly Poster[],
  ): Promise<Paced> {
    const posted = new Map<string, { dueMs: number; port: number }>();
    const latencies: number[] = [];
    const elsewhere: number[] = [];
    const answerMs: number[] = [];
    const writes: number[] = [];
    const before = group?.count() ?? 0;
    const all = group?.waitForCount(before + total * copies);
    group?.onText((bytes, start, end, subscriber) => {
      const at = bytes.indexOf(MESSAGE_ID, start, 'latin1') + MESSAGE_ID.length;
      const id = bytes.toString('latin1', at, Math.min(at + UUID_LENGTH, end));
      const post = posted.get(id);
      if (post === undefined) return;
      const latencyMs = performance.now() - post.dueMs;
      latencies.push(latencyMs);
      if (group.portOf(subscriber) !== post.port) elsewhere.push(latencyMs);
    });
    const free = [...posters];
    const answers: Promise<void>[] = [];
    const waiting: ((poster: Poster) => void)[] = [];

    async function post(delivery: (typeof deliveries)[number], dueMs: number): Promise<void> {
      // Waiting for a free connection counts: a sender would wait as well. All take turns, so that
      // several instances get equal shares.
      const poster =
        free.shift() ?? (await new Promise<Poster>((resolve) => waiting.push(resolve)));
      posted.set(delivery.messageId, { dueMs, port: poster.port });
      const { writeMs } = JSON.parse(await poster.post(delivery.request));
      if (writeMs !== undefined) writes.push(writeMs);
      answerMs.push(performance.now() - dueMs);
      const next = waiting.shift();
      if (next) next(poster);
      else free.push(poster);
    }

    const startedMs = performance.now();
    let sent = 0;
    while (sent < total) {
      const nowMs = performance.now();
      const due = Math.min(total, Math.floor(((nowMs - startedMs) * rate) / 1_000) + 1);
      for (; sent < due; sent += 1) {
        const delivery = deliveries[sent];
        if (delivery) answers.push(post(delivery, performance.now()));
      }
      await delay(TICK_MS);
    }
    await Promise.all([...answers, all]);
    group?.onText(undefined);
    const [answerP50Ms, answerP99Ms] = percentile(answerMs, 0.5, 0.99);
    const [p50Ms, p99Ms] = group ? percentile(latencies, 0.5, 0.99) : [answerP50Ms, answerP99Ms];
    const [elsewhereP50Ms, elsewhereP99Ms] = percentile(elsewhere, 0.5, 0.99);
    const [writeP50Ms, writeP99Ms] = percentile(writes, 0.5, 0.99);
    const seconds = (performance.now() - startedMs) / 1_000;
    return {
      ...{ events: total, seconds, p50Ms, p99Ms, answerP50Ms, answerP99Ms },
      ...{ elsewhereP50Ms, elsewhereP99Ms, writeP50Ms, writeP99Ms },
    } as Paced;
  };
}
