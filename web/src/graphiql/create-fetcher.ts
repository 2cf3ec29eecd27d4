import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createAuthorize, findAuthorization, type RequestHeaders } from './authorize.ts';

/** What GraphiQL passes for a run. */
interface Parameters {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

/** GraphiQL's result pane. */
interface Pane {
  next(shown: unknown): void;
  complete(): void;
}

const SHOWN_EVENTS = 50;

/**
 * Returns the function that GraphiQL calls for every run with the headers of its headers editor.
 * Queries use HTTP. A subscription opens its own WebSocket and sends the token of those headers in
 * `connection_init`, so no socket is reused with an older token (GraphiQL's own fetcher sends none:
 * graphiql #3736).
 *
 * GraphiQL would show the newest event only. This fetcher keeps the latest events in the pane, each
 * exactly as the server sent it, also after the socket has closed.
 */
export function createFetcher(endpoint: string, signIn: string | undefined) {
  const authorize = createAuthorize(signIn);
  return (
    { operationName, ...rest }: Parameters,
    { headers = {} }: { headers?: RequestHeaders } = {},
  ) => {
    const operations = operationsIn(rest.query);
    const named = operations.find(({ name }) => name && name.value === operationName);
    const request = { ...rest, ...(named?.name && { operationName: named.name.value }) };
    const isLive = (named ?? operations[0])?.operation === 'subscription';
    const authorized = () => authorize(headers);
    return isLive ? subscribe(endpoint, request, authorized) : post(endpoint, request, authorized);
  };
}

/**
 * GraphiQL passes its own parse result too, but too late: right after a change of tab it belongs to
 * the previous tab. The same is true of `operationName`, which is therefore checked as well.
 */
function operationsIn(query: string): OperationDefinitionNode[] {
  try {
    const { definitions } = parse(query, { noLocation: true });
    return definitions.flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? [one] : []));
  } catch {
    // The server's answer says where the error is.
    return [];
  }
}

async function post(
  endpoint: string,
  request: Parameters,
  authorized: () => Promise<RequestHeaders>,
): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(await authorized()),
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${response.status}: ${text}` }] };
  }
}

function subscribe(
  endpoint: string,
  request: Parameters,
  authorized: () => Promise<RequestHeaders>,
) {
  const client = createClient({
    url: new URL(endpoint, location.href.replace(/^http/, 'ws')).href,
    async connectionParams() {
      const headers = await authorized();
      const name = findAuthorization(headers);
      return name ? { Authorization: headers[name] } : {};
    },
    // A retry would hide a refused token for a minute, and silently skip events after a restart.
    retryAttempts: 0,
  });
  return {
    subscribe(pane: Pane) {
      let received = 0;
      let frame = 0;
      const newestFirst: unknown[] = [];
      const show = (ending?: object) => {
        cancelAnimationFrame(frame);
        frame = 0;
        pane.next({ ...ending, ...(received && { received, newestFirst }) });
      };
      const finish = (ending?: object) => {
        if (ending || frame) show(ending);
        pane.complete();
      };
      const stop = client.subscribe(request, {
        next(result) {
          received += 1;
          newestFirst.unshift(result);
          newestFirst.length = Math.min(newestFirst.length, SHOWN_EVENTS);
          // One update per animation frame: GraphiQL cannot render faster.
          frame ||= requestAnimationFrame(() => show());
        },
        error: (cause) => finish({ errors: describe(cause) }),
        complete: () => finish(),
      });
      return {
        unsubscribe() {
          if (frame) show();
          stop();
        },
      };
    },
  };
}

function describe(cause: unknown): readonly object[] {
  if (Array.isArray(cause)) return cause;
  if (cause instanceof CloseEvent) {
    const { code, reason } = cause;
    const message = `The server closed the WebSocket: ${code} ${reason || '(no reason)'}`;
    return [{ message, extensions: { closeCode: code } }];
  }
  if (cause instanceof Error) return [{ message: cause.message }];
  return [{ message: 'The WebSocket could not be opened. Is the server running?' }];
}
