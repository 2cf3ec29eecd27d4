import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A client's connection, and its connection to the target. */
export interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Remaining bytes for the client before the connection is cut. */
  leftBytes: number;
  /** True when the client has received its bytes of the current step. */
  paced: boolean;
}

const STEP_MS = 100;

/** A TCP relay that can simulate network failures. */
export interface Relay {
  readonly port: number;
  readonly links: ReadonlySet<Link>;
  /** Ends every connection; new ones are accepted. */
  cut(): void;
  /** Ends every connection, and refuses new ones until `restore`. */
  refuse(): void;
  /** Stops all data without closing connections, until `restore`. */
  freeze(): void;
  restore(): void;
  close(): Promise<void>;
}

export interface RelayOptions {
  target: { hostname: string; port: number };
  /** Maximum bytes for the client every 100 ms, for each connection. */
  slowBytes?: number | undefined;
  onLink?: (link: Link) => void;
  /** Transforms the client's data; undefined drops it. */
  onRequest?: (chunk: Buffer, link: Link) => Buffer | undefined;
  /** Transforms the target's data; undefined drops it. */
  onResponse?: (chunk: Buffer, link: Link) => Buffer | undefined;
  onClosed?: (link: Link) => void;
}

/** Starts a relay on a free local port. It applies backpressure in both directions. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { target, onRequest, onResponse } = options;
  const links = new Set<Link>();
  let refusing = false;
  let frozen = false;

  const server = createServer((client) => {
    if (refusing) return void client.destroy();
    const link: Link = {
      client,
      server: connect(target.port, target.hostname),
      leftBytes: Number.POSITIVE_INFINITY,
      paced: false,
    };
    links.add(link);
    if (options.slowBytes !== undefined) slowDown(link, options.slowBytes);
    options.onLink?.(link);
    client.setNoDelay(true);
    link.server.setNoDelay(true);
    client.on('data', (chunk: Buffer) => {
      const part = onRequest ? onRequest(chunk, link) : chunk;
      if (part) pass(link, client, link.server, part);
    });
    link.server.on('data', (chunk: Buffer) => {
      const whole = onResponse ? onResponse(chunk, link) : chunk;
      if (!whole) return;
      const part = whole.subarray(0, link.leftBytes);
      link.leftBytes -= part.length;
      pass(link, link.server, client, part);
      // Data before the cut still arrives, even half a message.
      if (link.leftBytes === 0) client.end(() => client.destroy());
    });
    tie(client, link.server, link);
    tie(link.server, client, link);
    if (frozen) for (const socket of [client, link.server]) socket.pause();
  });

  /** The target must feel a client that reads slowly, or no client could stall. */
  function pass(link: Link, from: Socket, to: Socket, chunk: Buffer): void {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => {
      if (!frozen && !(link.paced && from === link.server)) from.resume();
    });
  }

  function slowDown(link: Link, bytesAStep: number): void {
    const { client, server: from } = link;
    let leftBytes = bytesAStep;
    const step = setInterval(() => {
      leftBytes = bytesAStep;
      link.paced = false;
      if (!frozen && !client.writableNeedDrain) from.resume();
    }, STEP_MS);
    from.on('close', () => clearInterval(step));
    from.on('data', (chunk: Buffer) => {
      leftBytes -= chunk.length;
      if (leftBytes > 0) return;
      link.paced = true;
      from.pause();
    });
  }

  function tie(one: Socket, other: Socket, link: Link): void {
    one.on('error', () => {
      one.destroy();
      other.destroy();
    });
    one.on('close', () => {
      // The last data of an orderly end, such as a WebSocket close code, must still arrive.
      other.destroySoon();
      if (!other.closed) return;
      links.delete(link);
      options.onClosed?.(link);
    });
  }

  function cut(): void {
    for (const { client, server: to } of links) {
      client.destroy();
      to.destroy();
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    links,
    cut,
    refuse() {
      refusing = true;
      cut();
    },
    freeze() {
      frozen = true;
      for (const link of links) for (const socket of [link.client, link.server]) socket.pause();
    },
    restore() {
      refusing = false;
      frozen = false;
      for (const link of links) {
        if (!link.server.writableNeedDrain) link.client.resume();
        if (!link.client.writableNeedDrain) link.server.resume();
      }
    },
    async close() {
      refusing = true;
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
