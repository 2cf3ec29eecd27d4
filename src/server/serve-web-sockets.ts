import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Viewer } from '../auth/viewer.ts';
import { EventlineError, errorTable } from '../errors.ts';
import { type createGraphql, MAX_REQUEST_BYTES } from './create-graphql.ts';
import { closeExpired } from './end-expired.ts';

/** How long a client may take to say who it is, in milliseconds. */
const INIT_TIMEOUT_MS = 5_000;
/** How long clients get to answer the closing handshake before they are cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
/** The longest reason of a close frame (RFC 6455, 5.5); ours are ASCII. */
const MAX_REASON_LENGTH = 123;

export interface WebSocketOptions {
  endpoint: string;
  graphql: ReturnType<typeof createGraphql>;
  authenticate: Authenticate;
  allowedOrigins: readonly string[];
}

/** Serves `graphql-transport-ws` on the HTTP server's own port, at the GraphQL endpoint. */
export function serveWebSockets(server: Server, options: WebSocketOptions) {
  const { endpoint, graphql, authenticate, allowedOrigins } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    perMessageDeflate: false,
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer that resets the connection now must not end the process.
    socket.on('error', () => socket.destroy());
    // Not by `new URL`, which throws for `//`: that would end the process.
    const [pathname] = (request.url ?? '/').split('?', 1);
    if (pathname !== endpoint) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(request, allowedOrigins)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.emit('connection', webSocket, request);
    });
  });

  const disposable = useServer<Record<string, unknown>, { viewer: Viewer }>(
    {
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      async onConnect({ connectionParams, extra }) {
        try {
          extra.viewer = await authenticate(
            connectionParams?.Authorization ?? connectionParams?.authorization,
          );
          closeExpired(extra.socket, extra.viewer);
          return true;
        } catch (error) {
          if (!(error instanceof EventlineError)) throw error;
          // The close code of graphql-ws for a refused connection; only the reason says why.
          const reason = `${error.code}: ${error.message}`.slice(0, MAX_REASON_LENGTH);
          extra.socket.close(errorTable[error.code].closeCode, reason);
          return false;
        }
      },
      async onSubscribe({ extra }, _id, { query, operationName, variables }) {
        const { viewer, request } = extra;
        const enveloped = graphql.getEnveloped({
          viewer,
          requestId: randomUUID(),
          req: request,
          params: { query, operationName, variables },
        });
        let document: ExecutionArgs['document'];
        try {
          document = enveloped.parse(query);
        } catch (error) {
          if (error instanceof GraphQLError) return [error];
          throw error;
        }
        const errors = enveloped.validate(enveloped.schema, document);
        if (errors.length > 0) return errors;
        if (!getOperationAST(document, operationName)) {
          return [
            new GraphQLError('Name the one operation of the document that is meant.', {
              extensions: { code: 'BAD_USER_INPUT' },
            }),
          ];
        }
        return {
          schema: enveloped.schema,
          document,
          operationName,
          variableValues: variables,
          contextValue: await enveloped.contextFactory(),
          rootValue: { execute: enveloped.execute, subscribe: enveloped.subscribe },
        };
      },
      execute: (args) => (args.rootValue as Enveloped).execute(args),
      subscribe: (args) => (args.rootValue as Enveloped).subscribe(args),
    },
    sockets,
  );

  return {
    size: () => sockets.clients.size,
    /** Closes every connection with 1001, on which clients connect elsewhere. */
    async close(): Promise<void> {
      const cutOff = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, CLOSE_TIMEOUT_MS);
      await disposable.dispose();
      clearTimeout(cutOff);
    },
  };
}

interface Enveloped {
  execute: (args: ExecutionArgs) => never;
  subscribe: (args: ExecutionArgs) => never;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** A browser always sends its Origin here, and no CORS holds it back: own pages or listed ones. */
function isAllowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
