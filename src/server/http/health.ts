import { LogWentBackError, MetaDamagedError } from '../../errors.ts';
import type { Log } from '../../log/log.ts';
import { onlyGet, sendJson } from './route-requests.ts';

const MAX_LAG_MS = 10_000;

export interface HealthOptions {
  /** How long the feed may lag behind stored events before readiness fails, in milliseconds. */
  maxLagMs?: number;
  /** The reason why the database is known to be unavailable, if any. */
  databaseFault?: () => string | undefined;
}

/**
 * Creates the health checks. Live: the event loop responds. Ready: deliveries can be stored and
 * events read.
 */
export function createHealth(
  { tailer, writable }: Pick<Log, 'tailer' | 'writable'>,
  { maxLagMs = MAX_LAG_MS, databaseFault }: HealthOptions,
) {
  let stopping = false;

  function reasonNotReady(): string | undefined {
    if (stopping) return 'the server is stopping';
    return databaseFault?.() ?? logFault();
  }

  function logFault(): string | undefined {
    const { following, error } = tailer.state();
    if (!following) {
      const isDamaged = error instanceof LogWentBackError || error instanceof MetaDamagedError;
      return isDamaged ? error.message : 'the database cannot be followed';
    }
    if (!writable()) return 'the database takes no writes';
    if (tailer.lag().ms > maxLagMs) return 'events are in the log that are not given out';
    return undefined;
  }

  const live = onlyGet((_, response) => sendJson(response, 200, { status: 'live' }));
  const ready = onlyGet((_, response) => {
    const reason = reasonNotReady();
    if (reason === undefined) sendJson(response, 200, { status: 'ready' });
    else sendJson(response, 503, { status: 'not ready', reason });
  });
  return {
    live,
    ready,
    stop() {
      stopping = true;
    },
  };
}
