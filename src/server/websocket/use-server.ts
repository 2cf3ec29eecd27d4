import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult } from 'graphql';
import { handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { type ErrorCode, EventlineError, errorTable } from '../../errors.ts';
import type { SerializedResult } from '../graphql/bounded-execute.ts';
import type { Mask } from '../graphql/mask-error.ts';
import { maskError } from '../graphql/mask-error.ts';
import { withoutHttp } from '../graphql/without-http.ts';
import { closeReason } from './close-reason.ts';
import { createMessageTurns } from './create-message-turns.ts';
import { createFrameWriters, type FrameWriter } from './frame-writer.ts';

/** Maximum size of a message before the token was accepted, in bytes; Node's limit for headers. */
const MAX_INIT_BYTES = 16 * 1024;

export interface SocketFaults {
  /** Receives internal errors with the request id sent to the client. */
  report: (error: unknown, requestId: string) => void;
  /** Receives violations of the WebSocket protocol by a client. */
  onProtocolError: (error: Error) => void;
}

/**
 * A connection as the hooks of graphql-ws see it. It does not reference its request, which would be
 * retained.
 */
export interface Connection {
  socket: WebSocket;
  writer: FrameWriter;
  /** The request id of the current message; hooks must read it before their first await. */
  requestId: string;
  /** The Authorization header of the upgrade, until `connection_init`; pages cannot set it. */
  authorization?: string | undefined;
  /** Set when the token was accepted. */
  isAccepted?: boolean;
  /** Messages that are sent in place of those of graphql-ws, by their text. */
  serialized: Map<string, string>;
}

interface ServerParts extends SocketFaults {
  /** Masks the results of operations; their contexts hold their request ids. */
  mask: Mask;
}

/**
 * Connects graphql-ws to the sockets of a server. It differs from the adapter of graphql-ws in
 * three ways: errors go to the logger instead of the console, each message has its own request id,
 * and a socket is not closed for a pong that waits behind a backlog (`watchConnections` detects
 * vanished peers).
 */
export function useServer<P extends Record<string, unknown>, E extends Record<never, never>>(
  options: ServerOptions<P, Connection & Partial<E>>,
  sockets: WebSocketServer,
  { report, onProtocolError, mask }: ServerParts,
) {
  const server = makeServer<P, Connection & Partial<E>>({
    ...options,
    onError: async (context, id, payload, errors) =>
      withoutHttp((await options.onError?.(context, id, payload, errors)) ?? errors),
    onNext({ extra: { serialized } }, id, _payload, args, result) {
      const { requestId } = args.contextValue as Pick<Connection, 'requestId'>;
      const masked = result.errors?.map((error) => mask(error, requestId));
      const shown = masked ? { ...result, errors: withoutHttp(masked) } : result;
      const { stringify } = result as SerializedResult;
      if (stringify === undefined) return masked && (shown as FormattedExecutionResult);
      const replacement = { data: { [randomUUID()]: null } };
      const message = JSON.stringify({ id, type: 'next', payload: replacement });
      const json = stringify(shown as SerializedResult);
      serialized.set(message, `{"id":${JSON.stringify(id)},"type":"next","payload":${json}}`);
      return replacement;
    },
  });
  const createWriter = createFrameWriters();
  const messageTurns = createMessageTurns();
  sockets.options.handleProtocols = handleProtocols as never;
  sockets.on('connection', (socket, request) => {
    // ws has already closed the connection with the proper code.
    socket.on('error', onProtocolError);
    const writer = createWriter(socket, request.socket);
    const inTurn = messageTurns(socket);
    const { authorization } = request.headers;
    const serialized = new Map<string, string>();
    const connection: Connection = { socket, writer, serialized, requestId: '', authorization };
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send(data) {
          writer.flush();
          const message = serialized.get(data) ?? data;
          serialized.delete(data);
          return send(socket, message);
        },
        close: (code, reason) => socket.close(code, explained(code, reason, connection.requestId)),
        onMessage: (handle) => {
          socket.on('message', (message) => {
            const requestId = randomUUID();
            const { length } = message as Buffer;
            if (!connection.isAccepted && length > MAX_INIT_BYTES) {
              return closeBy(tooLargeBefore(), socket, requestId, report);
            }
            inTurn(length, () => {
              connection.requestId = requestId;
              handle(String(message)).catch((error) =>
                closeBy(asClientError(error), socket, requestId, report),
              );
            });
          });
        },
      },
      connection as Connection & Partial<E>,
    );
    socket.once('close', (code, reason) => {
      closed(code, String(reason)).catch((error) => report(error, randomUUID()));
    });
  });

  return {
    async dispose(): Promise<void> {
      for (const client of sockets.clients) client.close(1001, 'Going away');
      sockets.removeAllListeners();
      await new Promise<void>((resolve, reject) => {
        sockets.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** Anyone can send messages before `connection_ack`, and parsing them takes time. */
function tooLargeBefore(): EventlineError {
  const message = `A message before connection_ack may have ${MAX_INIT_BYTES} bytes.`;
  return new EventlineError('BAD_USER_INPUT', message);
}

/** graphql-ws closes the socket for an invalid message without an error code of ours. */
function explained(code: number | undefined, reason: string | undefined, requestId: string) {
  if (code !== errorTable.BAD_USER_INPUT.closeCode) return reason;
  return closeReason('BAD_USER_INPUT', reason ?? 'Not a message of the protocol', requestId);
}

/** Closes a socket with an error, masked like any other. */
export function closeBy(
  error: unknown,
  socket: WebSocket,
  requestId: string,
  report: SocketFaults['report'],
): void {
  const { message, extensions } = maskError(error, requestId, report);
  const code = extensions.code as ErrorCode;
  socket.close(errorTable[code].closeCode, closeReason(code, message, requestId));
}

function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    socket.send(data, (error) => {
      // A peer that disconnects during the write is not an error.
      if (error && socket.readyState === socket.OPEN) reject(error);
      else resolve();
    });
  });
}

/** graphql-ws throws instead of closing when a client sends a server's message. */
function asClientError(error: Error): Error {
  if (!error.message.startsWith('Unexpected message of type')) return error;
  return new EventlineError('BAD_USER_INPUT', 'This message is not one that a client sends.');
}
