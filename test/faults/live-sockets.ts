import { WebSocket } from 'ws';
import { createDurations, type Durations } from './figures.ts';
import type { Findings } from './findings.ts';

/** Many live subscribers, each on its own WebSocket. */
export interface LiveSockets {
  /** Records durations there from now on. */
  measureInto(durations: Durations): void;
  /** Resolves when all subscribers have received the event with this number. */
  haveGot(number: number): Promise<void>;
  /** How many have not received it yet. */
  without(number: number): number;
  close(): void;
}

/**
 * The number of the event and the time of its post (`performance.now()`), stored as a message's
 * speciality.
 */
export const toMark = (number: number) => `${number}@${performance.now()}`;

const DOCUMENT = `subscription {
  events(filter: { types: [MESSAGE_SENT] }) { cursor ... on MessageSent { speciality } }
}`;

/**
 * Opens the subscribers one after the other; resolves when all have received the first event,
 * number 1.
 */
export async function openLiveSockets(
  count: number,
  { url, token, findings }: { url: string; token: () => Promise<string>; findings: Findings },
): Promise<LiveSockets> {
  const sockets: WebSocket[] = [];
  const last: number[] = new Array(count).fill(0);
  let durations = createDurations();
  const waiters = new Map<number, { missing: number; resolve: () => void }>();

  function take(index: number, mark: string): void {
    const [number, postedMs] = mark.split('@').map(Number) as [number, number];
    durations.add(performance.now() - postedMs);
    const wanted = (last[index] as number) + 1;
    const what = `live reader ${index} got event ${number} where ${wanted} belongs`;
    if (number > wanted) findings.add('lost', what);
    if (number < wanted) findings.add('doubled', what);
    last[index] = Math.max(number, wanted - 1);
    const waiter = waiters.get(number);
    if (waiter === undefined) return;
    waiter.missing -= 1;
    if (waiter.missing === 0) waiter.resolve();
  }

  for (let index = 0; index < count; index++) {
    sockets.push(await open(url, await token(), (mark) => take(index, mark)));
  }
  const without = (number: number) => last.filter((seen) => seen < number).length;
  return {
    measureInto(into) {
      durations = into;
    },
    without,
    haveGot(number) {
      return new Promise((resolve) => {
        const missing = without(number);
        if (missing === 0) resolve();
        else waiters.set(number, { missing, resolve });
      });
    },
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function open(url: string, token: string, onMark: (mark: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const send = (message: object) => socket.send(JSON.stringify(message));
  socket.on('open', () => {
    send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'next') return onMark(message.payload.data.events.speciality);
      if (message.type !== 'connection_ack') return reject(new Error(String(data)));
      send({ id: '1', type: 'subscribe', payload: { query: DOCUMENT } });
      // Messages are handled in order: the pong proves that the subscription was accepted.
      socket.once('pong', () => resolve(socket));
      socket.ping();
    });
  });
}
