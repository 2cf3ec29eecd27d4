import { type Client, createClient } from 'graphql-ws';
import { isFinalCode } from '../events-client-error.ts';
import { delayOf } from '../retry.ts';
import { toEndpoint } from '../to-endpoint.ts';

const BACK_OFF = { firstMs: 250, longestMs: 10_000 };
/** The silence after which the server is pinged, and the time for its answer. */
const HEARTBEAT_MS = 15_000;

export interface ResumingSocketOptions {
  /** The server (`https://events.example.com`) or its GraphQL endpoint (`…/graphql`). */
  url: string;
  /** Called at each connection, also after a token has expired; retried if it throws. */
  token: () => string | Promise<string>;
  /** Defaults to the global WebSocket. Node 20 has none: pass the one of the `ws` package. */
  webSocketImpl?: unknown;
}

/**
 * Creates a graphql-ws client, for Apollo Client, urql, Relay and others, whose subscriptions resume
 * after the last event. graphql-ws reconnects by itself but repeats the first request, so this client
 * moves `after` forward with each event. The document must take `$after` and select `cursor` in its
 * one field. Pass a cursor from the start (a page's `reached`, or `head`), or events before the first
 * one received can be missed.
 *
 * @throws TypeError when the URL is invalid
 */
export function createResumingSocket(options: ResumingSocketOptions): Client {
  const { token, webSocketImpl } = options;
  const url = toEndpoint(options.url).replace(/^http/, 'ws');
  let bearer = '';
  let pongTimeout: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    // Not in `connectionParams`: graphql-ws does not retry what those throw.
    url: async () => {
      bearer = await retryUntilToken(token);
      return url;
    },
    connectionParams: () => ({ Authorization: `Bearer ${bearer}` }),
    webSocketImpl,
    keepAlive: HEARTBEAT_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: pause,
    shouldRetry: () => true,
    on: {
      // A lost network closes no socket, so only silence reveals it.
      ping(received) {
        if (!received) pongTimeout = setTimeout(() => client.terminate(), HEARTBEAT_MS);
      },
      pong(received) {
        if (received) clearTimeout(pongTimeout);
      },
      closed: () => clearTimeout(pongTimeout),
    },
  });

  const subscribe: Client['subscribe'] = (request, sink) => {
    // graphql-ws serialises this object at each connection.
    const resuming = { ...request, variables: { ...request.variables } };
    let failures = 0;
    let isStopped = false;
    let stop: () => void = () => undefined;
    function start(): void {
      stop = client.subscribe(resuming as typeof request, {
        next(result) {
          failures = 0;
          const cursor = cursorOf(result.data);
          if (cursor !== undefined) resuming.variables.after = cursor;
          sink.next(result as Parameters<typeof sink.next>[0]);
        },
        error(cause) {
          if (isFinal(cause)) sink.error(cause);
          else void restart();
        },
        complete() {
          // Complete if it was ended here; otherwise the server closed it, and it must be resumed.
          if (isStopped) sink.complete();
          else void restart();
        },
      });
    }
    async function restart(): Promise<void> {
      stop = () => sink.complete();
      await pause(failures);
      failures += 1;
      if (!isStopped) start();
    }
    start();
    return () => {
      if (isStopped) return;
      isStopped = true;
      stop();
    };
  };
  const iterate: Client['iterate'] = () => {
    // The one of graphql-ws would not resume.
    throw new TypeError('iterate: use subscribe, or the loop of createEventsClient.');
  };
  return { ...client, subscribe, iterate };
}

function cursorOf(data: unknown): string | undefined {
  const [item] = Object.values((data ?? {}) as Record<string, { cursor?: string } | null>);
  return item?.cursor;
}

/** GraphQL errors are final by their codes. A close that arrives here is final for graphql-ws. */
function isFinal(cause: unknown): boolean {
  if (!Array.isArray(cause)) return true;
  return cause.some(({ extensions }) => {
    // The next connection brings a new token.
    return extensions?.code !== 'UNAUTHENTICATED' && isFinalCode(extensions?.code);
  });
}

async function retryUntilToken(token: ResumingSocketOptions['token']): Promise<string> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await token();
    } catch {
      await pause(failures);
    }
  }
}

function pause(failures: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayOf(failures, BACK_OFF));
  });
}
