import { type Client, createClient, NetworkError } from 'graphql-sse';
import { pause } from './pause.ts';

export interface ResumingStreamOptions {
  /** `https://events.example.com/graphql` */
  url: string;
  /** Called at each connection, also after a token has expired; retried if it throws. */
  token: () => Promise<string>;
}

/**
 * Creates a graphql-sse client whose subscriptions resume after the last event. graphql-sse reconnects
 * by itself but repeats the first request, so this client moves `after` forward with each event. The
 * document must take `$after` and select `cursor` in its one field. Pass a cursor from the start.
 */
export function createResumingStream({ url, token }: ResumingStreamOptions) {
  const client = createClient({
    url,
    async headers() {
      // graphql-sse retries after a NetworkError only.
      const bearer = await token().catch((cause) => Promise.reject(new NetworkError(cause)));
      return { Authorization: `Bearer ${bearer}` };
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: pause,
  });
  const subscribe: Client['subscribe'] = (request, sink) => {
    // graphql-sse serialises this object at each connection.
    const resuming = { ...request, variables: { ...request.variables } };
    return client.subscribe(resuming, {
      next(result) {
        const [item] = Object.values(
          (result.data ?? {}) as Record<string, { cursor?: string } | null>,
        );
        if (item?.cursor !== undefined) resuming.variables.after = item.cursor;
        sink.next(result as Parameters<typeof sink.next>[0]);
      },
      error: (cause) => sink.error(cause),
      complete: () => sink.complete(),
    });
  };
  return { subscribe, dispose: client.dispose };
}
