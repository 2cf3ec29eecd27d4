import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  createEventsClient,
  type EventsClientState,
} from '../../src/client/create-events-client.ts';
import type { Reader } from './reader.ts';

const HEARTBEAT_MS = 5_000;
/** How long a resuming reader stays connected, in events and milliseconds. */
const STAY_EVENTS = [5, 1_000] as const;
const STAY_MS = [500, 30_000] as const;
/** A slow reader's pause before each event, and an occasional longer one, in milliseconds. */
const SLOW_MS = [1, 8] as const;
const LONG_PAUSE_MS = [500, 3_000] as const;
const LONG_PAUSE_SHARE = 0.005;

/**
 * Reads with the published client until it is stopped.
 *
 * @throws EventsClientError if the client gives up, which no fault here justifies
 */
export async function readWithClient(reader: Reader, after: string | undefined): Promise<void> {
  let cursor = after;
  while (!reader.stop.signal.aborted) {
    cursor = await stay(reader, cursor);
    reader.resumes += 1;
  }
}

/** Reads on one connection until it is time to leave; returns the cursor to resume from. */
async function stay(reader: Reader, after: string | undefined): Promise<string | undefined> {
  const { planned, random, stop } = reader;
  const { filter, transport, manner } = planned;
  const node = reader.nextNode();
  const leave = new AbortController();
  const leaves = manner === 'resuming' && !reader.hurry;
  let left = leaves ? random.whole(...STAY_EVENTS) : Number.POSITIVE_INFINITY;
  const timer = leaves ? setTimeout(() => leave.abort(), random.whole(...STAY_MS)) : undefined;
  const client = createEventsClient({
    url: node.url,
    token: reader.token,
    transport,
    webSocketImpl: WebSocket,
    heartbeatMs: HEARTBEAT_MS,
    signal: AbortSignal.any([leave.signal, stop.signal]),
    onState(state) {
      reader.doing = `${describe(state)} at ${node.server.name}`;
      if (state.status === 'waiting') reader.resumes += 1;
    },
  });
  let cursor = after;
  try {
    for await (const event of client.subscribe({ ...filter, after })) {
      cursor = reader.take(event);
      left -= 1;
      if (left <= 0) break;
      if (manner === 'slow' && !reader.hurry) await beSlow(reader);
    }
  } finally {
    clearTimeout(timer);
    client.close();
  }
  return cursor;
}

async function beSlow({ random }: Reader): Promise<void> {
  const [low, high] = random.chance(LONG_PAUSE_SHARE) ? LONG_PAUSE_MS : SLOW_MS;
  await delay(random.whole(low, high));
}

function describe(state: EventsClientState): string {
  if (state.status !== 'waiting') return state.status;
  const { cause } = state;
  return `waiting (${cause instanceof Error ? cause.message : String(cause)})`;
}
