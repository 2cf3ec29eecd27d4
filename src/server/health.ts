import type { Handler } from './route-requests.ts';
import { sendJson } from './route-requests.ts';

export interface HealthOptions {
  /** False while the log cannot be followed. */
  following: () => boolean;
  /** Why the database is known to be away, if it is. */
  databaseFault?: () => string | undefined;
}

/** Live: the loop turns. Ready: deliveries can be stored and events be read. */
export function createHealth({ following, databaseFault }: HealthOptions) {
  let stopping = false;

  function reasonNotReady(): string | undefined {
    if (stopping) return 'the server is stopping';
    return databaseFault?.() ?? (following() ? undefined : 'the database cannot be followed');
  }

  const live: Handler = (_, response) => sendJson(response, 200, { status: 'live' });
  const ready: Handler = (_, response) => {
    const reason = reasonNotReady();
    if (reason === undefined) sendJson(response, 200, { status: 'ready' });
    else sendJson(response, 503, { status: 'not ready', reason });
  };
  return {
    live,
    ready,
    stop() {
      stopping = true;
    },
  };
}
