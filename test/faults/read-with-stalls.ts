import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Reader } from './reader.ts';

const DOCUMENT = `subscription ($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { id cursor payload }
}`;
const AGAIN_MS = 300;
/** After how many events it stops reading, and for how long in milliseconds. */
const READS_EVENTS = [3, 60] as const;
const STALLS_MS = [4_000, 25_000] as const;
/** Maximum silence of a server before the reader leaves, and maximum time to connect. */
const SILENCE_MS = 30_000;
const OPEN_MS = 10_000;

/**
 * Reads a raw WebSocket, and sometimes stops reading for long, like a frozen browser tab. The
 * server decides what happens to the connection. Resumes after its last event, until it is stopped.
 */
export async function readWithStalls(reader: Reader, after: string | undefined): Promise<void> {
  let cursor = after;
  while (!reader.stop.signal.aborted) {
    cursor = await readOnce(reader, cursor);
    if (reader.stop.signal.aborted) return;
    reader.resumes += 1;
    await delay(AGAIN_MS);
  }
}

async function readOnce(reader: Reader, after: string | undefined): Promise<string | undefined> {
  const { planned, random, stop } = reader;
  const node = reader.nextNode();
  const token = await reader.token();
  const socket = new WebSocket(
    `${node.url.replace('http', 'ws')}/graphql`,
    'graphql-transport-ws',
    { handshakeTimeout: OPEN_MS },
  );
  let cursor = after;
  let left = random.whole(...READS_EVENTS);
  let silence: NodeJS.Timeout | undefined;
  let stall: NodeJS.Timeout | undefined;

  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => socket.terminate(), SILENCE_MS);
  };
  const send = (message: object) => socket.send(JSON.stringify(message));
  function stallNow(): void {
    const forMs = random.whole(...STALLS_MS);
    clearTimeout(silence);
    reader.doing = `stalled at ${node.server.name}`;
    socket.pause();
    const wake = () => {
      clearInterval(stall);
      reader.doing = `reading at ${node.server.name}`;
      heard();
      socket.resume();
    };
    const untilMs = performance.now() + forMs;
    stall = setInterval(() => {
      if (reader.hurry || performance.now() >= untilMs) wake();
    }, 100);
  }

  reader.doing = `connecting to ${node.server.name}`;
  heard();
  socket.on('open', () => {
    heard();
    send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
  });
  socket.on('ping', heard);
  socket.on('message', (data) => {
    // Events buffered in a paused socket are counted too.
    if (!socket.isPaused) heard();
    const message = JSON.parse(String(data));
    if (message.type === 'connection_ack') {
      reader.doing = `reading at ${node.server.name}`;
      const variables = { filter: planned.filter, after: cursor ?? null };
      send({ id: 'one', type: 'subscribe', payload: { query: DOCUMENT, variables } });
    } else if (message.type === 'next' && message.payload.data) {
      cursor = reader.take(message.payload.data.events);
      left -= 1;
      if (left > 0 || reader.hurry || socket.isPaused) return;
      left = random.whole(...READS_EVENTS);
      stallNow();
    } else if (message.type === 'ping') {
      send({ type: 'pong' });
    } else {
      reader.doing = `refused by ${node.server.name}: ${JSON.stringify(message).slice(0, 200)}`;
      socket.close();
    }
  });
  const leave = () => socket.terminate();
  stop.signal.addEventListener('abort', leave);
  await new Promise<void>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      reader.doing = `closed by ${node.server.name} with ${code} ${reason}`;
      resolve();
    });
  });
  stop.signal.removeEventListener('abort', leave);
  clearTimeout(silence);
  clearInterval(stall);
  return cursor;
}
