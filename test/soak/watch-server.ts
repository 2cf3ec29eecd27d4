import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from '../faults/server-process.ts';
import { scrapeSamples } from '../utils/scrape.ts';
import { databaseSockets } from './database-sockets.ts';

const EVERY_MS = 2_000;
const DELAY = 'eventline_publish_delay_seconds_bucket';

interface Look {
  atMs: number;
  residentBytes: number;
  heapBytes: number;
  lagSeconds: number;
}

/** Open resources of a server. */
export interface OpenThings {
  /** Open files without the connections to the database. */
  files: number;
  databaseConnections: number;
  connections: number;
  subscriptions: number;
}

/** Samples a server until it is stopped. */
export async function watchServer(server: ServerProcess) {
  const looks: Look[] = [];
  const stop = new AbortController();
  const startedMs = performance.now();
  const before = await publishDelays(server.url);

  async function look(): Promise<void> {
    const residentBytes = await server.residentBytes();
    const samples = await scrapeSamples(server.url).catch(() => undefined);
    if (samples === undefined || residentBytes === undefined) return;
    const value = (name: string) => samples.find((sample) => sample.name === name)?.value ?? 0;
    looks.push({
      atMs: performance.now() - startedMs,
      residentBytes,
      heapBytes: value('nodejs_heap_size_used_bytes'),
      lagSeconds: value('eventline_follower_lag_seconds'),
    });
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await look();
      await delay(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    async stop() {
      stop.abort();
      await running;
    },
    /** The mean of the samples between two times after the start, in MiB; undefined without any. */
    memoryMiB(fromMs: number, untilMs: number) {
      const some = looks.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
      if (some.length === 0) return undefined;
      const mean = (bytes: number[]) =>
        bytes.reduce((sum, value) => sum + value, 0) / bytes.length / 1_048_576;
      return {
        resident: mean(some.map(({ residentBytes }) => residentBytes)),
        heap: mean(some.map(({ heapBytes }) => heapBytes)),
      };
    },
    /** The longest observed lag of the feed behind the log, in ms. */
    longestLagMs: () => Math.max(0, ...looks.map(({ lagSeconds }) => lagSeconds * 1_000)),
    /** Delay from reception to publication since the watch began, within its bucket; in ms. */
    async publishDelayMs(share: number) {
      const after = await publishDelays(server.url);
      const counts = after.map(({ le, count }, index) => ({
        le,
        count: count - (before[index]?.count ?? 0),
      }));
      const rank = share * (counts.at(-1)?.count ?? 0);
      const index = counts.findIndex(({ count }) => count >= rank);
      const { le: low = 0, count: below = 0 } = counts[index - 1] ?? {};
      const { le = 0, count = 0 } = counts[index] ?? {};
      return 1_000 * (low + ((le - low) * (rank - below)) / Math.max(1, count - below));
    },
  };
}

/** Returns the open resources of a server. */
export async function openThings(
  { url, pid }: Pick<ServerProcess, 'url' | 'pid'>,
  mongodbUri: string,
): Promise<OpenThings> {
  const databaseConnections = await databaseSockets(pid(), mongodbUri);
  const samples = await scrapeSamples(url);
  const sum = (name: string) =>
    samples.filter((sample) => sample.name === name).reduce((all, { value }) => all + value, 0);
  return {
    files: sum('process_open_fds') - databaseConnections,
    databaseConnections,
    connections: sum('eventline_connections'),
    subscriptions: sum('eventline_subscriptions'),
  };
}

async function publishDelays(url: string): Promise<{ le: number; count: number }[]> {
  const samples = await scrapeSamples(url);
  return samples
    .filter(({ name }) => name === DELAY)
    .map(({ labels, value }) => ({
      le: Number(labels.le?.replace('+Inf', 'Infinity')),
      count: value,
    }));
}
