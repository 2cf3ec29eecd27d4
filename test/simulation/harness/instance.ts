import type mongoose from 'mongoose';
import { createFeed, type Feed } from '../../../src/feed/feed.ts';
import { createEventLogIn, type EventLog } from '../../../src/server/create-event-log.ts';
import { DURABLE } from '../../../src/storage/concerns.ts';
import { toCollections } from '../../../src/storage/models.ts';
import { createBodyBudget } from '../../../src/webhook/body-budget.ts';
import { createWebhook } from '../../../src/webhook/handle-delivery.ts';
import { createSignatureScheme } from '../../../src/webhook/signature-scheme.ts';
import { createClient, type SimulatedClient } from '../driver/client.ts';
import { createDatabase } from '../driver/database.ts';
import type { World } from '../world.ts';
import { type Delivery, SECRET } from './make-delivery.ts';
import { type Answer, post } from './post.ts';

/** The key of the simulated log's cursors. */
export const CURSOR_KEY = Buffer.alloc(16, 7);

export interface InstanceOptions {
  /** How long events are kept, in milliseconds; undefined for forever. */
  keepMs: number | undefined;
  /** Events queued for one subscription. */
  capacity: number;
  pageSize: number;
  maxWaiting: number;
  maxInboxEvents: number;
  /** Called with the position of each event that the tailer publishes. */
  onPublished?: (position: number) => void;
}

/** One process of Eventline, without its sockets. */
export interface Instance {
  readonly name: string;
  readonly client: SimulatedClient;
  readonly log: EventLog;
  readonly feed: Feed;
  state: 'running' | 'stopping' | 'gone';
  post(delivery: Delivery): Promise<Answer>;
  /** Resolves when the process has ended for any reason. */
  readonly gone: Promise<void>;
  /** Sends SIGTERM; resolves when it has ended in an orderly way. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): void;
  /** Sends SIGSTOP, and SIGCONT after this time. */
  freeze(forMs: number): void;
  /** Sends SIGCONT earlier. */
  thaw(): void;
  /** Returns true if it was stopped by a signal at some time after this one. */
  wasFrozen(sinceMs: number): boolean;
}

/** The collections of the log, over the connections of one process. */
export function openCollections(world: World, client: SimulatedClient) {
  return toCollections(
    client as unknown as mongoose.mongo.MongoClient,
    createDatabase(world, client, DURABLE) as unknown as mongoose.mongo.Db,
  );
}

/**
 * Starts an instance: the real log, feed and webhook on the simulated driver.
 *
 * @throws LogUnavailableError when the database is unavailable
 */
export async function startInstance(
  world: World,
  name: string,
  seed: number,
  { keepMs, capacity, pageSize, maxWaiting, maxInboxEvents, onPublished }: InstanceOptions,
): Promise<Instance> {
  const client = createClient(world, name, seed);
  let publish: Feed['publish'] = () => undefined;
  let expire: Feed['expire'] = () => undefined;
  const storage = {
    collections: openCollections(world, client),
    cursorKey: CURSOR_KEY,
    onReachable: client.onReachable,
    onNewPrimary: client.onNewPrimary,
    close: async () => client.close(),
  };
  const log = await createEventLogIn(storage, {
    onEvent(event, more) {
      onPublished?.(event.position);
      publish(event, more);
    },
    onSkipped: (removedUpTo) => expire(removedUpTo),
    countsRepeats: true,
    ...{ maxWaiting, maxInboxEvents },
    ...(keepMs !== undefined && { retention: { keepMs, checkMs: 10_000 } }),
  });
  const feed = createFeed({
    ...{ reader: log.reader, head: log.tailer.head, expired: log.expired },
    ...{ logState: log.state, capacity, pageSize },
    // Small enough that all queues together overflow in some runs.
    ...(capacity > 8 && { maxQueuedBytes: 4_000 }),
  });
  ({ publish, expire } = feed);
  const handle = createWebhook({
    scheme: createSignatureScheme([SECRET]),
    appender: log.appender,
    quarantine: log.quarantine,
    eventIds: log.eventIds,
    findPosition: log.findPosition,
    maxBytes: 100_000,
    bodies: createBodyBudget({
      ...{ maxBytes: 1_000_000, maxBytesPerAddress: 1_000_000, minBytesPerSecond: 1 },
    }),
  });
  let end: () => void = () => undefined;
  let posted = 0;
  let frozenUntilMs = 0;
  const instance: Instance = {
    ...{ name, client, log, feed, state: 'running' },
    gone: new Promise((resolve) => {
      end = resolve;
    }),
    post(delivery) {
      posted += 1;
      return post(handle, delivery, `${name}-${posted}`);
    },
    async stop() {
      if (instance.state !== 'running') return;
      instance.state = 'stopping';
      feed.close();
      await log.close();
      instance.state = 'gone';
      end();
    },
    kill() {
      instance.state = 'gone';
      client.kill();
      end();
    },
    freeze(forMs) {
      frozenUntilMs = world.time.nowMs() + forMs;
      client.freeze();
      world.time.after(forMs, client.thaw);
    },
    thaw: () => client.thaw(),
    wasFrozen: (sinceMs) => frozenUntilMs >= sinceMs,
  };
  return instance;
}
