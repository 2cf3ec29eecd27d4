import { onlyGet, sendJson } from './route-requests.ts';

export interface HealthOptions {
  /** The reason why the log cannot be tailed, if any. */
  logFault: () => string | undefined;
  /** The reason why the database is known to be unavailable, if any. */
  databaseFault?: () => string | undefined;
}

/**
 * Creates the health checks. Live: the event loop responds. Ready: deliveries can be stored and
 * events read.
 */
export function createHealth({ logFault, databaseFault }: HealthOptions) {
  let stopping = false;

  function reasonNotReady(): string | undefined {
    if (stopping) return 'the server is stopping';
    return databaseFault?.() ?? logFault();
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
