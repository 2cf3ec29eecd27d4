import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the database that can be cut, or on which a message can be held up. */
export interface DatabaseProxy {
  /** The database's URI, by way of this proxy. */
  uri: string;
  /** Ends every connection and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  /** Holds the connection on which `text` is sent, from there on; resolves when it is held. */
  hold(text: string): Promise<void>;
  /** Cuts the connection on which `text` is sent, once the database has answered, `times` over. */
  loseAnswers(text: string, times: number): void;
  /** Lets what was held go on its way. */
  release(): void;
  close(): Promise<void>;
}

export async function startDatabaseProxy(mongodbUri: string): Promise<DatabaseProxy> {
  const target = new URL(mongodbUri);
  const sockets = new Set<Socket>();
  let away = false;
  let held: (() => void)[] = [];
  let lost = { text: '', times: 0 };
  let wanted: { text: string; onHeld: () => void } | undefined;

  const server = createServer((incoming) => {
    if (away) return void incoming.destroy();
    const outgoing = connect(Number(target.port), target.hostname);
    let holding = false;
    let losing = false;
    incoming.on('data', (chunk) => {
      if (lost.times > 0 && chunk.includes(lost.text)) {
        lost.times -= 1;
        losing = true;
      }
      holding = wanted !== undefined && (holding || chunk.includes(wanted.text));
      if (!holding) return void outgoing.write(chunk);
      held.push(() => outgoing.write(chunk));
      wanted?.onHeld();
    });
    outgoing.on('data', (chunk) => {
      if (losing) incoming.destroy();
      else incoming.write(chunk);
    });
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uri = new URL(mongodbUri);
  uri.port = String((server.address() as AddressInfo).port);

  function cut(): void {
    away = true;
    for (const socket of sockets) socket.destroy();
  }
  return {
    uri: uri.href,
    cut,
    restore() {
      away = false;
    },
    hold(text) {
      return new Promise((onHeld) => {
        wanted = { text, onHeld };
      });
    },
    loseAnswers(text, times) {
      lost = { text, times };
    },
    release() {
      wanted = undefined;
      for (const send of held) send();
      held = [];
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
