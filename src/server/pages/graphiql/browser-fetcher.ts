/**
 * Browser script: how GraphiQL runs an operation.
 *
 * `createFetcher(endpoint)` returns the function that GraphiQL calls for every run with the headers
 * of its headers editor. Queries use HTTP. A subscription opens its own WebSocket and sends the
 * token of those headers in `connection_init`, so no socket is reused with an older token
 * (GraphiQL's own fetcher sends none: graphiql #3736).
 *
 * GraphiQL would show the newest event only. This fetcher keeps the latest events in the pane, each
 * exactly as the server sent it, also after the socket has closed.
 */
export const browserFetcher = String.raw`
const shownEvents = 50;

// GraphiQL passes its own parse result too, but too late: right after a change of tab it belongs to
// the previous tab. The same is true of operationName, which is therefore checked as well.
function readOperations(query) {
  let outline = query.replace(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*/g, '');
  for (let before; before !== outline; ) {
    before = outline;
    outline = outline.replace(/\([^(){}]*\)/g, ' ').replace(/\{[^(){}]*\}/g, ';');
  }
  return outline.split(';').flatMap((definition) => {
    const [, type, name] = /^\s*(query|mutation|subscription)\b[\s,]*(\w+)?/.exec(definition) ?? [];
    return type ? [{ type, name }] : [];
  });
}

function createFetcher(endpoint) {
  return function fetcher({ query, variables, operationName }, { headers = {} } = {}) {
    const operations = readOperations(query);
    const named = operations.find(({ name }) => name && name === operationName);
    const request = { query, variables, ...(named && { operationName }) };
    const isLive = (named ?? operations[0])?.type === 'subscription';
    return isLive ? subscribe(endpoint, request, headers) : post(endpoint, request, headers);
  };
}

async function post(endpoint, request, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...headers,
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: 'HTTP ' + response.status + ': ' + text }] };
  }
}

function subscribe(endpoint, request, headers) {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === 'authorization');
  const client = graphqlWs.createClient({
    url: new URL(endpoint, location.href.replace(/^http/, 'ws')).href,
    connectionParams: name ? { Authorization: headers[name] } : {},
    // A retry would hide a refused token for a minute, and silently skip events after a restart.
    retryAttempts: 0,
  });
  return {
    subscribe(pane) {
      let received = 0;
      let frame = 0;
      const newestFirst = [];
      const show = (ending) => {
        cancelAnimationFrame(frame);
        frame = 0;
        pane.next({ ...ending, ...(received && { received, newestFirst }) });
      };
      const finish = (ending) => {
        if (ending || frame) show(ending);
        pane.complete();
      };
      const stop = client.subscribe(request, {
        next(result) {
          received += 1;
          newestFirst.unshift(result);
          newestFirst.length = Math.min(newestFirst.length, shownEvents);
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

function describe(cause) {
  if (Array.isArray(cause)) return cause;
  if (cause instanceof CloseEvent) {
    const { code, reason } = cause;
    const message = 'The server closed the WebSocket: ' + code + ' ' + (reason || '(no reason)');
    return [{ message, extensions: { closeCode: code } }];
  }
  return [{ message: cause?.message ?? 'The WebSocket could not be opened. Is the server running?' }];
}
`;
