import { onlyGet, sendJson } from './route-requests.ts';

export interface HealthOptions {
  /** Why the log cannot be followed, if it cannot. */
  logFault: () => string | undefined;
  /** Why the database is known to be away, if it is. */
  databaseFault?: () => string | undefined;
}

/** Live: the loop turns. Ready: deliveries can be stored and events be read. */
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
