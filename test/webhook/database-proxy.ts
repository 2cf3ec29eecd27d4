import { type Link, startRelay } from '../utils/relay.ts';

/** A proxy to the database that can be cut, or can hold a message. */
export interface DatabaseProxy {
  /** The database's URI through this proxy. */
  uri: string;
  /** Ends every connection and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  /** Holds the connection that sends `text`, from that message on; resolves when it is held. */
  hold(text: string): Promise<void>;
  /** Cuts a connection that sends `text` after the database has answered, `times` times. */
  loseAnswers(text: string, times: number): void;
  /** Forwards what was held. */
  release(): void;
  close(): Promise<void>;
}

export async function startDatabaseProxy(mongodbUri: string): Promise<DatabaseProxy> {
  const target = new URL(mongodbUri);
  const holding = new Set<Link>();
  const losing = new Set<Link>();
  let held: (() => void)[] = [];
  let lost = { text: '', times: 0 };
  let wanted: { text: string; onHeld: () => void } | undefined;

  const relay = await startRelay({
    target: { hostname: target.hostname, port: Number(target.port) },
    onRequest(chunk, link) {
      if (lost.times > 0 && chunk.includes(lost.text)) {
        lost.times -= 1;
        losing.add(link);
      }
      if (wanted && chunk.includes(wanted.text)) holding.add(link);
      if (!wanted || !holding.has(link)) return chunk;
      held.push(() => link.server.write(chunk));
      wanted.onHeld();
      return undefined;
    },
    onResponse(chunk, link) {
      if (!losing.has(link)) return chunk;
      link.client.destroy();
      return undefined;
    },
  });
  const uri = new URL(mongodbUri);
  uri.port = String(relay.port);

  return {
    uri: uri.href,
    cut: relay.refuse,
    restore: relay.restore,
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
      holding.clear();
      for (const send of held) send();
      held = [];
    },
    close: relay.close,
  };
}
