import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import type { Contestant } from './contestants.ts';
import { JWT_SECRET, WEBHOOK_SECRET } from './contract.ts';
import { type RunningProcess, startProcess } from './processes/start-process.ts';
import type { Usage } from './processes/usage.ts';

const EVENTLINE = join(import.meta.dirname, '../../dist/main.js');
const SERVERS = join(import.meta.dirname, 'servers');
const READY_POLL_MS = 20;
const MILLION = '1000000';

/** Limits are raised: all clients run on one machine, and most share one token. */
const eventlineEnvironment = {
  LOG_LEVEL: 'warn',
  WEBHOOK_SECRETS: WEBHOOK_SECRET,
  AUTH_JWT_SECRET: JWT_SECRET,
  MAX_CONNECTIONS: MILLION,
  MAX_CONNECTIONS_PER_VIEWER: MILLION,
  MAX_SUBSCRIPTIONS_PER_VIEWER: MILLION,
  MAX_OPERATIONS_PER_SOCKET: MILLION,
  REPLAY_EVENTS_PER_SECOND: '10000000',
};

/** A running contestant. */
export interface Server {
  port: number;
  /** Of all instances; the first one is `port`. */
  ports: readonly number[];
  url: string;
  /** Of all instances together. */
  usage(): Promise<Usage>;
  /** Runs the garbage collector of the server. */
  collect(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts all instances of a contestant on the database with this name; resolves when they accept
 * requests.
 */
export async function startContestant(
  bench: Bench,
  contestant: Contestant,
  databaseName: string,
): Promise<Server> {
  const { instances = 1 } = contestant;
  const started = await Promise.allSettled(
    Array.from({ length: instances }, () => startInstance(bench, contestant, databaseName)),
  );
  const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const failed = started.find((one) => one.status === 'rejected');
  const [first] = servers;
  if (failed || !first) {
    await close();
    throw failed?.reason ?? new Error(`${contestant.name}: expected at least one instance`);
  }
  return {
    ...first,
    ports: servers.map(({ port }) => port),
    usage: async () => sumOf(await Promise.all(servers.map((server) => server.usage()))),
    async collect() {
      await Promise.all(servers.map((server) => server.collect()));
    },
    close,
  };
}

function sumOf(all: readonly Usage[]): Usage {
  return all.reduce((sum, one) => ({
    cpuMicros: sum.cpuMicros + one.cpuMicros,
    rssBytes: sum.rssBytes + one.rssBytes,
    heapBytes: sum.heapBytes + one.heapBytes,
  }));
}

async function startInstance(
  { database, profileDirectory }: Bench,
  contestant: Contestant,
  databaseName: string,
): Promise<Omit<Server, 'ports'>> {
  const { server } = contestant;
  const [file, ...args] = server ?? [];
  const command = file === undefined ? [EVENTLINE, 'serve'] : [join(SERVERS, file), ...args];
  const MONGODB_URI = database.uriOf(databaseName);
  // At LOG_LEVEL=warn Eventline does not say where it listens.
  const port = file === undefined ? await freePort() : undefined;
  const ofEventline = port !== undefined && { ...eventlineEnvironment, PORT: String(port) };
  const env = { MONGODB_URI, ...ofEventline };
  const running = startProcess({ command, env, profileDirectory });
  try {
    const url = port === undefined ? await running.url() : `http://127.0.0.1:${port}`;
    if (port !== undefined) await untilReady(running, url);
    return {
      url,
      port: Number(new URL(url).port),
      usage: () => running.call<Usage>('usage'),
      collect: () => running.call('collect'),
      close: running.close,
    };
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady({ child }: RunningProcess, url: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await delay(READY_POLL_MS);
  }
  throw new Error('Eventline exited before it was ready');
}
