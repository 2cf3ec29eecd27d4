import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the server that can be cut at any byte, like a network that fails. */
export interface TcpProxy {
  /** The server's URL, by way of this proxy. */
  url: string;
  /** How many connections have carried a subscription so far. */
  streamsSeen(): number;
  /** Resolves when no connection carries a subscription. */
  noStreams(): Promise<void>;
  /** Ends every connection, and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  /** Subscriptions that are open now get nothing any more, and are not ended either. */
  freeze(): void;
  /** Lets nothing back on the next subscription; resolves when it is asked for. */
  holdNextStream(): Promise<void>;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** One for each connection in turn: after so many bytes from the server it is cut. */
  cutsAfterBytes?: number[];
  /** Ends what asks for a WebSocket, like a network that knows only HTTP. */
  blocksWebSockets?: boolean;
  /** From the server only so many bytes every 100 ms, on each connection. */
  slowBytes?: number;
}

export async function startTcpProxy(url: string, options: TcpProxyOptions = {}): Promise<TcpProxy> {
  const { blocksWebSockets = false, slowBytes = Number.POSITIVE_INFINITY } = options;
  const cuts = [...(options.cutsAfterBytes ?? [])];
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const streams = new Set<Socket>();
  const frozen = new Set<Socket>();
  const waiters = new Set<() => void>();
  let away = false;
  let seen = 0;
  let onHeld: (() => void) | undefined;

  const server = createServer((incoming) => {
    if (away) return void incoming.destroy();
    let leftBytes = cuts.shift() ?? Number.POSITIVE_INFINITY;
    const outgoing = connect(Number(target.port), target.hostname);
    incoming.on('data', (chunk) => {
      const head = chunk.toString('latin1');
      const upgrades = /^upgrade: websocket/im.test(head);
      if (upgrades && blocksWebSockets) return void incoming.destroy();
      if (upgrades || /^accept: text\/event-stream/im.test(head)) {
        streams.add(incoming);
        if (onHeld) frozen.add(incoming);
        onHeld?.();
        onHeld = undefined;
        seen += 1;
      }
      if (!frozen.has(incoming)) outgoing.write(chunk);
    });
    let stepBytes = slowBytes;
    const step = setInterval(() => {
      stepBytes = slowBytes;
      outgoing.resume();
    }, 100);
    outgoing.on('close', () => clearInterval(step));
    outgoing.on('data', (chunk) => {
      stepBytes -= chunk.length;
      if (stepBytes <= 0) outgoing.pause();
      if (frozen.has(incoming)) return;
      const part = chunk.subarray(0, leftBytes);
      leftBytes -= part.length;
      incoming.write(part);
      // What was let through still arrives, down to half a message.
      if (leftBytes === 0) incoming.end(() => incoming.destroy());
    });
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        sockets.delete(one);
        streams.delete(one);
        other.destroy();
        if (streams.size === 0) for (const wake of waiters) wake();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function cut(): void {
    away = true;
    for (const socket of sockets) socket.destroy();
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streamsSeen: () => seen,
    noStreams: () =>
      new Promise((resolve) => {
        if (streams.size === 0) resolve();
        else waiters.add(resolve);
      }),
    cut,
    restore() {
      away = false;
    },
    freeze() {
      for (const socket of streams) frozen.add(socket);
    },
    holdNextStream: () =>
      new Promise((resolve) => {
        onHeld = resolve;
      }),
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
