import { onTestFinished, TestRunner } from 'vitest';
import { type Link, startRelay } from '../utils/relay.ts';

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
  const { blocksWebSockets = false, slowBytes } = options;
  const cuts = [...(options.cutsAfterBytes ?? [])];
  const { hostname, port } = new URL(url);
  const streams = new Set<Link>();
  const frozen = new Set<Link>();
  const waiters = new Set<() => void>();
  let seen = 0;
  let onHeld: (() => void) | undefined;

  const relay = await startRelay({
    target: { hostname, port: Number(port) },
    slowBytes,
    onLink(link) {
      link.leftBytes = cuts.shift() ?? Number.POSITIVE_INFINITY;
    },
    onRequest(chunk, link) {
      const head = chunk.toString('latin1');
      const upgrades = /^upgrade: websocket/im.test(head);
      if (upgrades && blocksWebSockets) {
        link.client.destroy();
        return undefined;
      }
      if (upgrades || /^accept: text\/event-stream/im.test(head)) {
        streams.add(link);
        if (onHeld) frozen.add(link);
        onHeld?.();
        onHeld = undefined;
        seen += 1;
      }
      return frozen.has(link) ? undefined : chunk;
    },
    onResponse: (chunk, link) => (frozen.has(link) ? undefined : chunk),
    onClosed(link) {
      streams.delete(link);
      if (streams.size === 0) for (const wake of waiters) wake();
    },
  });

  // Connections that a failed test leaves open would keep its interval timers running.
  if (TestRunner.getCurrentTest()) onTestFinished(relay.close);
  return {
    url: `http://127.0.0.1:${relay.port}`,
    streamsSeen: () => seen,
    noStreams: () =>
      new Promise((resolve) => {
        if (streams.size === 0) resolve();
        else waiters.add(resolve);
      }),
    cut: relay.refuse,
    restore: relay.restore,
    freeze() {
      for (const link of streams) frozen.add(link);
    },
    holdNextStream: () =>
      new Promise((resolve) => {
        onHeld = resolve;
      }),
    close: relay.close,
  };
}
