import { type Client, createClient } from 'graphql-ws';
import { pause } from './pause.ts';

/** Error codes that a retry cannot fix. */
const FINAL_CODES = ['BAD_USER_INPUT', 'CURSOR_EXPIRED', 'CURSOR_INVALID', 'FORBIDDEN'];
/** The silence after which the server is pinged, and the time for its answer. */
const HEARTBEAT_MS = 15_000;

export interface ResumingSocketOptions {
  /** `wss://events.example.com/graphql` */
  url: string;
  /** Called at each connection, also after a token has expired; retried if it throws. */
  token: () => Promise<string>;
}

/**
 * Creates a graphql-ws client whose subscriptions resume after the last event. graphql-ws reconnects by
 * itself but repeats the first request, so this client moves `after` forward with each event. The
 * document must take `$after` and select `cursor` in its one field. Pass a cursor from the start (a
 * page's `reached`, or `head`), or events before the first one received can be missed.
 */
export function createResumingSocket({ url, token }: ResumingSocketOptions): Client {
  let bearer = '';
  let pongTimeout: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    // Not in `connectionParams`: graphql-ws does not retry what those throw.
    url: async () => {
      bearer = await retryUntilToken(token);
      return url;
    },
    connectionParams: () => ({ Authorization: `Bearer ${bearer}` }),
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
      await pause(failures);
      failures += 1;
      if (!isStopped) start();
    }
    start();
    return () => {
      isStopped = true;
      stop();
    };
  };
  return { ...client, subscribe };
}

function cursorOf(data: unknown): string | undefined {
  const [item] = Object.values((data ?? {}) as Record<string, { cursor?: string } | null>);
  return item?.cursor;
}

/** GraphQL errors are final by their codes. A close that arrives here is final for graphql-ws. */
function isFinal(cause: unknown): boolean {
  if (!Array.isArray(cause)) return true;
  return cause.some(({ extensions }) => FINAL_CODES.includes(String(extensions?.code)));
}

async function retryUntilToken(token: () => Promise<string>): Promise<string> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await token();
    } catch {
      await pause(failures);
    }
  }
}
