import { WebSocket } from 'ws';
import { createEventsClient } from '../../src/client/create-events-client.ts';
import type { Cluster } from './cluster.ts';
import type { Pauses } from './pauses.ts';
import type { Run } from './run-directory.ts';

const HEARTBEAT_MS = 5_000;

/**
 * Marks each event that a subscriber of each server receives, until the run ends. The subscribers
 * stay at their server: readers that move to another one may all be at servers with a fault.
 *
 * @param pauses by server
 */
export function watchLive(run: Run, { nodes, token }: Cluster, pauses: readonly Pauses[]): void {
  const stop = new AbortController();
  const { signal } = stop;

  async function watch(url: string, marked: Pauses | undefined): Promise<void> {
    const client = createEventsClient({
      url,
      token: () => token({ scope: 'events:read' }),
      transport: 'websocket',
      webSocketImpl: WebSocket,
      heartbeatMs: HEARTBEAT_MS,
      signal,
    });
    for await (const _ of client.subscribe({})) marked?.mark();
  }

  const watching = nodes.map(({ url }, server) => watch(url, pauses[server]));
  // A failure surfaces at the end of the run.
  for (const each of watching) each.catch(() => undefined);
  run.onEnd(async () => {
    stop.abort();
    await Promise.all(watching);
  });
}
