import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Authenticate } from '../../auth/authenticate.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { describeLimit, type Limits } from '../../config/limits.ts';
import type { ErrorCode, EventlineError } from '../../errors.ts';
import { Semaphore } from '../../feed/semaphore.ts';
import { closeExpired } from '../graphql/end-expired.ts';
import type { Mask } from '../graphql/mask-error.ts';
import type { ViewerLimits } from '../graphql/viewer-limits.ts';
import { isAllowedOrigin } from '../http/allowed-origin.ts';
import { currentResponse } from '../http/current-response.ts';
import { errorBody } from '../http/error-body.ts';
import { asksForWebSocket, ignoreUpgrade } from '../http/ignore-upgrade.ts';
import { normalizeTarget } from '../http/normalize-target.ts';
import { refuse } from '../http/refuse-broken-requests.ts';
import { requestIdOf } from '../http/request-ids.ts';
import type { ConnectionWatch } from '../http/watch-connections.ts';
import { authorizationOf } from './authorization-of.ts';
import { closeStalledWebSocket } from './close-stalled-web-socket.ts';
import type { HeldOperation } from './held-operation.ts';
import type { createPrepareOperation, PreparedOperation } from './prepare-operation.ts';
import { closeBy, type SocketFaults, useServer } from './use-server.ts';

/** How long clients get to answer the closing handshake before they are cut off. */
const CLOSE_TIMEOUT_MS = 1_500;
/** Fragments and chunks that a message of any length may have. */
const MIN_PARTS = 512;
/** A longer message may have one fragment, or four chunks, more for each of these. Unit: bytes. */
const PART_BYTES = 1024;
/** How much the events may take that a socket's subscriptions are sending, in bytes; or one event. */
const MAX_SENDING_BYTES = 1024 * 1024;
/** Close codes for a message that is too large (RFC 6455, 7.4.1), and of graphql-ws. */
const MESSAGE_TOO_LARGE = 1009;
const NO_PROTOCOL = 4406;
const TOO_MANY_PARTS = 1008;
const INIT_TIMEOUT = 4408;
const PROTOCOL = `The subprotocol is ${GRAPHQL_TRANSPORT_WS_PROTOCOL}, as the library graphql-ws speaks it`;
const OTHER_PROTOCOL = `${PROTOCOL}; the legacy subprotocol graphql-ws (subscriptions-transport-ws) is not served.`;

export interface WebSocketOptions extends SocketFaults {
  endpoint: string;
  operations: ReturnType<typeof createPrepareOperation>;
  authenticate: Authenticate;
  allowedOrigins: readonly string[];
  readers: Pick<ConnectionWatch, 'upgraded'>;
  limits: Limits;
  viewers: ViewerLimits;
  mask: Mask;
  /** Called when a connection is refused because of its subprotocols. */
  onOtherProtocol: (requestId: string) => void;
  /** Returns the error for a connection that must be refused. */
  refusalOf: (socket: Duplex) => EventlineError | undefined;
}

interface ViewerConnection {
  viewer: Viewer;
  budget: Semaphore;
  operations: Set<HeldOperation>;
  /** Calls off what waits for the end of the connection or of its token. */
  disconnect: () => void;
  cancelExpiry: () => void;
}

/** Serves `graphql-transport-ws` at the GraphQL endpoint of the HTTP server. */
export function serveWebSockets(server: Server, options: WebSocketOptions) {
  const { endpoint, operations, authenticate, allowedOrigins, limits, viewers } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    WebSocket: explaining(limits),
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    ...partsOf(limits.maxMessageBytes),
    // Since ws 8.19; @types/ws does not have it.
    ...{ closeTimeout: CLOSE_TIMEOUT_MS },
    // One message a turn of the loop: a client that sends thousands at once must not stop the others.
    allowSynchronousEvents: false,
  });

  // The default answer of ws is HTML without a request id.
  sockets.on('wsClientError', (error, socket, request) => {
    const message = `This is no opening of a WebSocket: ${error.message}.`;
    refuse(socket, 400, errorBody('BAD_USER_INPUT', message, requestIdOf(request)));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // The pending answer of an earlier request would corrupt the new protocol.
    if (currentResponse(socket)) return void socket.destroy();
    if (!asksForWebSocket(request)) return ignoreUpgrade(server, request, socket, head);
    // A connection reset must not end the process.
    socket.on('error', destroyThis);
    // `new URL` would throw for `//` and end the process.
    const [pathname] = normalizeTarget(request.url ?? '/').split('?', 1);
    const requestId = requestIdOf(request);
    const errorFor = (code: ErrorCode, message: string) => errorBody(code, message, requestId);
    if (pathname !== endpoint) {
      return refuse(socket, 404, errorFor('BAD_USER_INPUT', 'There is no WebSocket here.'));
    }
    if (!isAllowedOrigin(request.headers, allowedOrigins)) {
      const message = 'Pages of this origin may not connect (ALLOWED_ORIGINS).';
      return refuse(socket, 403, errorFor('FORBIDDEN', message));
    }
    const protocols = request.headers['sec-websocket-protocol'];
    if (!speaksProtocol(protocols)) options.onOtherProtocol(requestId);
    // graphql-ws closes a connection without an offer, so that pages see the reason; with an offer
    // of others, the client would fail the opening by itself, without one.
    if (protocols !== undefined && !speaksProtocol(protocols)) {
      return refuse(socket, 400, errorFor('BAD_USER_INPUT', OTHER_PROTOCOL));
    }
    const refusal = options.refusalOf(socket);
    if (refusal) return refuse(socket, 503, errorFor(refusal.code, refusal.message));
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      options.readers.upgraded(webSocket, socket);
      sockets.emit('connection', webSocket, request);
    });
  });

  const disposable = useServer<Record<string, unknown>, ViewerConnection>(
    {
      connectionInitWaitTimeout: limits.initTimeoutMs,
      async onConnect(context) {
        const { connectionParams, extra } = context;
        const { socket, requestId, authorization } = extra;
        extra.authorization = undefined;
        // graphql-ws keeps them, with the token, as long as the connection is open.
        Object.assign(context, { connectionParams: undefined });
        try {
          extra.viewer = await authenticate(authorizationOf(connectionParams) ?? authorization);
          // A socket that has closed in the meantime would be counted forever.
          if (socket.readyState !== WebSocket.OPEN) return false;
          extra.disconnect = viewers.connect(extra.viewer);
          extra.cancelExpiry = closeExpired(socket, extra.viewer);
          extra.budget = new Semaphore(MAX_SENDING_BYTES);
          extra.operations = new Set();
          extra.isAccepted = true;
          return true;
        } catch (error) {
          // graphql-ws has one close code for refused connections; the reason carries the error
          // code.
          closeBy(error, socket, requestId, options.report);
          return false;
        }
      },
      onSubscribe({ extra }, operationId, payload) {
        const { viewer, budget, operations: open, socket, requestId, writer } = extra;
        // graphql-ws accepts operations only after onConnect has returned the viewer.
        if (viewer === undefined) throw new Error('an operation came before its viewer');
        const sender = {
          ...{ viewer, budget, socket, open, requestId, frames: { writer, operationId } },
          cutOff: () => closeStalledWebSocket(socket),
        };
        return operations.prepareOperation(sender, payload);
      },
      onComplete: (_context, _id, payload) => operations.resultSent(payload),
      execute: (args) => (args as PreparedOperation).rootValue.execute(args),
      subscribe(args) {
        const { rootValue } = args as PreparedOperation;
        // graphql-ws keeps the arguments as long as the subscription is open.
        args.rootValue = undefined;
        return rootValue.subscribe(args);
      },
    },
    sockets,
    {
      ...options,
      onClosed({ disconnect, cancelExpiry, operations: open = [] }) {
        disconnect?.();
        cancelExpiry?.();
        for (const operation of open) operation.sent();
      },
    },
  );

  return {
    size: () => sockets.clients.size,
    /** Closes every connection with 1001, after which clients reconnect elsewhere. */
    async close(): Promise<void> {
      const cutOff = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, CLOSE_TIMEOUT_MS);
      await disposable.dispose();
      clearTimeout(cutOff);
    },
  };
}

/**
 * Limits the fragments of a message, and the chunks in which a frame is received: each takes some
 * hundred bytes of memory, also before `connection_init`. Clients send messages whole, and a chunk
 * of TCP usually has more than 500 bytes.
 */
function partsOf(maxBytes: number) {
  const parts = Math.ceil(maxBytes / PART_BYTES);
  return { maxFragments: MIN_PARTS + parts, maxBufferedChunks: MIN_PARTS + 4 * parts };
}

function speaksProtocol(offered = ''): boolean {
  return offered.split(',').some((name) => name.trim() === GRAPHQL_TRANSPORT_WS_PROTOCOL);
}

/** Not a closure: it would retain the request as long as the connection is open. */
function destroyThis(this: Socket): void {
  this.destroy();
}

/** A WebSocket class that adds the close reasons that ws and graphql-ws omit. */
function explaining(limits: Limits) {
  const reasons = new Map([
    [MESSAGE_TOO_LARGE, `A message may have ${describeLimit(limits, 'maxMessageBytes')} bytes.`],
    [NO_PROTOCOL, `${PROTOCOL}.`],
    [TOO_MANY_PARTS, 'A message may have fewer fragments and chunks for its size.'],
    [INIT_TIMEOUT, `connection_init may take ${describeLimit(limits, 'initTimeoutMs')} ms.`],
  ]);
  return class ExplainingWebSocket extends WebSocket {
    override close(code?: number, reason?: string | Buffer): void {
      super.close(code, (code && reasons.get(code)) || reason);
    }
  };
}
