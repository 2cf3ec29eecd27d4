import { onTestFinished, vi } from 'vitest';
import { toDocument } from '../../src/storage/event-document.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { newEvent } from '../log/new-event.ts';
import { freshDatabase } from '../utils/database.ts';
import { startTestServer } from '../utils/server.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { type AlertWatch, watchAlerts } from './prometheus/watch-alerts.ts';

/** A server that can be brought into the state of an alert. */
export interface AlertScene {
  watch: AlertWatch;
  /** Brings the server into that state, and waits as long as the alert requires. */
  trigger(): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** A server without any alert. */
export async function serverWatched(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer(options);
  onTestFinished(server.close);
  const watch = watchAlerts(server.url);
  await watch.pass('1m');
  return { server, watch };
}

/** The same, with a proxy before its database. */
export async function serverBehindProxy(
  options: Parameters<typeof startTestServer>[0] = {},
  given?: string,
) {
  const uri = given ?? (await freshDatabase()).uri;
  const proxy = await startDatabaseProxy(uri);
  // Closed in reverse order.
  onTestFinished(proxy.close);
  return { uri, proxy, ...(await serverWatched({ mongodbUri: proxy.uri, ...options })) };
}

/** A database whose log holds this many events. */
export async function logOf(count: number): Promise<string> {
  const { uri } = await freshDatabase();
  const { collections, close } = await openStorage(uri);
  const events = Array.from({ length: count }, () => newEvent());
  await collections.events.insertMany(events.map((event, index) => toDocument(event, index + 1)));
  await close();
  return uri;
}

/** The monotonic clock of this process, which can be put forward. */
export function advanceableClock() {
  const now = performance.now.bind(performance);
  let aheadMs = 0;
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
  onTestFinished(() => spy.mockRestore());
  return {
    forward(ms: number) {
      aheadMs += ms;
    },
  };
}

/** A log that receives nothing. */
export async function quietScene(options?: { mongodbUri: string }): Promise<AlertScene> {
  const { watch } = await serverWatched(options);
  await watch.pass('6m');
  return {
    watch,
    async trigger() {
      // The alert uses the time of the last reception, so only that is moved.
      const later = Date.now() + 2 * HOUR_MS;
      const spy = vi.spyOn(Date, 'now').mockReturnValue(later);
      onTestFinished(() => spy.mockRestore());
      await watch.pass('6m');
    },
  };
}
