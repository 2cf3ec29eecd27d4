import { onTestFinished, TestRunner } from 'vitest';
import { type Link, startRelay } from '../utils/relay.ts';

/** A proxy that can cut connections at any byte, like a failing network. */
export interface TcpProxy {
  /** The server's URL through this proxy. */
  url: string;
  /** Number of connections that carried a subscription so far. */
  streamsSeen(): number;
  /** Resolves when no connection carries a subscription. */
  waitForNoStreams(): Promise<void>;
  /** Ends every connection, and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  /** Stops data on open subscriptions without closing them. */
  freeze(): void;
  /** Stops the server's data on the next subscription; resolves when it is requested. */
  holdNextStream(): Promise<void>;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  /** For each connection in order: cut it after this many bytes from the server. */
  cutsAfterBytes?: number[];
  /** Ends WebSocket upgrades, like a network that only allows HTTP. */
  blocksWebSockets?: boolean;
  /** Maximum bytes from the server every 100 ms, for each connection. */
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
    waitForNoStreams: () =>
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
