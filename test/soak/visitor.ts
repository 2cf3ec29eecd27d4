import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createEventsClient, type EventsDocument } from '../../src/client/create-events-client.ts';
import type { Durations } from '../faults/figures.ts';
import type { Findings } from '../faults/findings.ts';
import { createNumberCheck, NUMBERED, type NumberedEvent } from './numbered.ts';
import type { Sender } from './sender.ts';

/** Range of how long a visitor stays, and stays away, in milliseconds. */
const STAY_MS = [5_000, 120_000] as const;
const AWAY_MS = [200, 5_000] as const;
/** Share of visitors that resume from their cursor; the others start live. */
const RESUMING_SHARE = 0.5;

export interface VisitorOptions {
  name: string;
  urls: readonly string[];
  token: string;
  /** Undefined for all users' events. */
  userId: string | undefined;
  transport: 'websocket' | 'sse';
  sender: Sender;
  findings: Findings;
  /** From the post to the delivery of live events, in milliseconds. */
  latencies: Durations;
}

/** A subscriber that connects, stays for a while, leaves and reconnects. */
export interface Visitor {
  visits(): number;
  /** Returns true until the last acknowledged number has arrived. */
  isBehind(): boolean;
  /** Stays connected from now on. */
  stay(): void;
  /** Leaves for good. */
  leave(): Promise<void>;
}

/** Starts a visitor; it checks that nothing is missing in or between its visits. */
export function startVisitor(options: VisitorOptions): Visitor {
  const { name, urls, token, userId, transport, sender, findings, latencies } = options;
  const check = createNumberCheck();
  const gone = new AbortController();
  let cursor: string | undefined;
  let visits = 0;
  let stays = false;
  let leaveNow: AbortController | undefined;

  function take(event: NumberedEvent, liveSinceMs: number): void {
    cursor = event.cursor;
    const fault = check.take({ userId: event.userId, number: event.professionalId });
    if (fault) findings.add(fault, `${name}: ${event.userId} number ${event.professionalId}`);
    const postedAtMs = sender.postedAtMs(event.userId, event.professionalId);
    if (postedAtMs !== undefined && postedAtMs > liveSinceMs) {
      latencies.add(performance.now() - postedAtMs);
    }
  }

  async function visit(): Promise<void> {
    visits += 1;
    const leave = new AbortController();
    leaveNow = leave;
    const timer = stays ? undefined : setTimeout(() => leave.abort(), between(STAY_MS));
    let liveSinceMs = Number.POSITIVE_INFINITY;
    const client = createEventsClient({
      url: urls[visits % urls.length] ?? '',
      ...{ token, transport, webSocketImpl: WebSocket },
      signal: AbortSignal.any([leave.signal, gone.signal]),
      onState(state) {
        if (state.status === 'live') liveSinceMs = performance.now();
        if (state.status !== 'waiting') return;
        const { cause } = state;
        const why = cause instanceof Error ? cause.message : String(cause);
        findings.add('wrong', `${name} lost its connection: ${why}`);
      },
    });
    try {
      const asked = { ...(userId !== undefined && { userIds: [userId] }), after: cursor };
      const document = { toString: () => NUMBERED } as EventsDocument<NumberedEvent>;
      for await (const event of client.subscribe({ ...asked, document })) take(event, liveSinceMs);
    } finally {
      clearTimeout(timer);
      client.close();
    }
  }

  async function run(): Promise<void> {
    while (!gone.signal.aborted) {
      await visit();
      if (gone.signal.aborted) return;
      if (!stays) await delay(between(AWAY_MS), undefined, { signal: gone.signal }).catch(() => {});
      if (Math.random() < RESUMING_SHARE) continue;
      cursor = undefined;
      check.forget();
    }
  }

  const running = run().catch((error: unknown) => {
    findings.add('wrong', `${name} gave up: ${(error as Error).message}`);
  });
  return {
    visits: () => visits,
    isBehind() {
      const last = userId === undefined ? undefined : check.last(userId);
      return last !== undefined && last < sender.numberOf(userId ?? '');
    },
    stay() {
      stays = true;
    },
    async leave() {
      gone.abort();
      leaveNow?.abort();
      await running;
    },
  };
}

function between([low, high]: readonly [number, number]): number {
  return low + Math.random() * (high - low);
}
