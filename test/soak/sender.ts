import { setTimeout as delay } from 'node:timers/promises';
import { sign } from '../../src/webhook/sign.ts';
import { createDurations } from '../faults/figures.ts';
import type { Findings } from '../faults/findings.ts';
import { post } from '../faults/post.ts';
import { numberedBody } from './numbered.ts';

const TICK_MS = 10;
/** For how many recent numbers the time of their post is known. */
const REMEMBERED = 32;

export interface SenderOptions {
  /** Used in rotation. */
  urls: readonly string[];
  webhookSecret: string;
  users: readonly string[];
  /** Deliveries per second. */
  rate: number;
  findings: Findings;
}

interface User {
  userId: string;
  /** The last acknowledged number. */
  number: number;
  isBusy: boolean;
  postedAtMs: number[];
}

/**
 * Posts at an even rate, one delivery of a user at a time, so that each user's numbers are in order
 * in the log.
 */
export function createSender({ urls, webhookSecret, users, rate, findings }: SenderOptions) {
  const all = users.map(
    (userId): User => ({
      ...{ userId, number: 0, isBusy: false, postedAtMs: [] },
    }),
  );
  const byId = new Map(all.map((user) => [user.userId, user]));
  const ackDurations = createDurations();
  const underway = new Set<Promise<void>>();
  let next = 0;
  let acknowledged = 0;
  let late = 0;

  async function send(user: User): Promise<void> {
    user.isBusy = true;
    const number = user.number + 1;
    const body = numberedBody({ userId: user.userId, number });
    const delivery = { body, signature: sign(body, webhookSecret) };
    user.postedAtMs[number % REMEMBERED] = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const answer = await post(urls[(number + attempt) % urls.length] ?? '', delivery);
      if (answer?.status === 200) {
        ackDurations.add(answer.tookMs);
        break;
      }
      findings.add('wrong', `a delivery was answered ${answer?.status ?? 'not at all'}`);
      await delay(100);
    }
    user.number = number;
    acknowledged += 1;
    user.isBusy = false;
  }

  function sendOne(): void {
    for (let tries = 0; tries < all.length; tries += 1) {
      const user = all[next % all.length];
      next += 1;
      if (user === undefined || user.isBusy) continue;
      const sent = send(user).finally(() => underway.delete(sent));
      underway.add(sent);
      return;
    }
    late += 1;
  }

  return {
    /** Posts until the signal aborts; resolves when everything is acknowledged. */
    async run(signal: AbortSignal): Promise<void> {
      const startedMs = performance.now();
      let sent = 0;
      while (!signal.aborted) {
        const due = ((performance.now() - startedMs) / 1_000) * rate;
        for (; sent < due; sent += 1) sendOne();
        await delay(TICK_MS);
      }
      await Promise.all(underway);
    },
    /** Returns the last acknowledged number of a user. */
    numberOf: (userId: string) => byId.get(userId)?.number ?? 0,
    /** Returns when a number was posted, by `performance.now()`; undefined if that is long ago. */
    postedAtMs(userId: string, number: number): number | undefined {
      const user = byId.get(userId);
      const isKnown = user !== undefined && number > user.number - REMEMBERED + 1;
      return isKnown ? user.postedAtMs[number % REMEMBERED] : undefined;
    },
    figures: () => ({
      acknowledged,
      ackMs: { p50: ackDurations.percentileMs(0.5), p99: ackDurations.percentileMs(0.99) },
      /** Deliveries that were due while every user had one in flight. */
      late,
    }),
  };
}

export type Sender = ReturnType<typeof createSender>;
