import { type Client, createClient } from 'graphql-ws';

/** Refusals that another attempt would not mend. */
const FINAL_CODES = ['BAD_USER_INPUT', 'CURSOR_EXPIRED', 'CURSOR_INVALID', 'FORBIDDEN'];
const LONGEST_PAUSE_MS = 10_000;
/** After how long a silence the server is asked whether it is there, and may take to answer. */
const HEARTBEAT_MS = 15_000;

export interface ResumingSocketOptions {
  /** `wss://events.example.com/graphql` */
  url: string;
  /** Asked at each connection, so also when the last one has expired; tried again if it throws. */
  token: () => Promise<string>;
}

/**
 * A graphql-ws client whose subscriptions go on behind the last event after any loss: graphql-ws
 * connects again by itself but repeats the first request, so here its `after` moves on with each
 * event. The document takes `$after`, selects `cursor` in its one field, and is given a cursor from
 * the start (a page's `reached`, or `head`); otherwise what happens before its first event is missed.
 */
export function createResumingSocket({ url, token }: ResumingSocketOptions): Client {
  let bearer = '';
  let silence: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    // Here and not in `connectionParams`: what those throw is final to graphql-ws.
    url: async () => {
      bearer = await untilGiven(token);
      return url;
    },
    connectionParams: () => ({ Authorization: `Bearer ${bearer}` }),
    keepAlive: HEARTBEAT_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: pause,
    shouldRetry: () => true,
    on: {
      // A network that went away closes nothing: only silence tells.
      ping(received) {
        if (!received) silence = setTimeout(() => client.terminate(), HEARTBEAT_MS);
      },
      pong(received) {
        if (received) clearTimeout(silence);
      },
      closed: () => clearTimeout(silence),
    },
  });

  const subscribe: Client['subscribe'] = (request, sink) => {
    // graphql-ws makes its message of this object at each connection.
    const resuming = { ...request, variables: { ...request.variables } };
    let failures = 0;
    let isOver = false;
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
          else void again();
        },
        complete() {
          // Ours if it was ended here; the server's has to be followed by more.
          if (isOver) sink.complete();
          else void again();
        },
      });
    }
    async function again(): Promise<void> {
      await pause(failures);
      failures += 1;
      if (!isOver) start();
    }
    start();
    return () => {
      isOver = true;
      stop();
    };
  };
  return { ...client, subscribe };
}

function cursorOf(data: unknown): string | undefined {
  const [item] = Object.values((data ?? {}) as Record<string, { cursor?: string } | null>);
  return item?.cursor;
}

/** Errors of GraphQL by their codes; what closes a socket and gets here, graphql-ws gave up on. */
function isFinal(cause: unknown): boolean {
  if (!Array.isArray(cause)) return true;
  return cause.some(({ extensions }) => FINAL_CODES.includes(String(extensions?.code)));
}

async function untilGiven(token: () => Promise<string>): Promise<string> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await token();
    } catch {
      await pause(failures);
    }
  }
}

/** Twice as long each time, less up to a half: those who lost the same server spread out. */
function pause(failures: number): Promise<void> {
  const longestMs = Math.min(250 * 2 ** failures, LONGEST_PAUSE_MS);
  return new Promise((resolve) => {
    setTimeout(resolve, longestMs * (0.5 + Math.random() / 2));
  });
}
