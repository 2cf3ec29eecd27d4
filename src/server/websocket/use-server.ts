import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult } from 'graphql';
import { handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { type ErrorCode, EventlineError, errorTable } from '../../errors.ts';
import type { SerializedResult } from '../graphql/bounded-execute.ts';
import type { Mask } from '../graphql/mask-error.ts';
import { maskError } from '../graphql/mask-error.ts';
import { withoutHttp } from '../graphql/without-http.ts';
import { newRequestId } from '../http/request-ids.ts';
import { closeReason } from './close-reason.ts';
import { createMessageTurns } from './create-message-turns.ts';
import { FrameWriter } from './frame-writer.ts';
import { pauseWhileBehind } from './pause-while-behind.ts';

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
}

interface ServerParts<E> extends SocketFaults {
  /** Masks the results of operations; their contexts hold their request ids. */
  mask: Mask;
  /** Called when a connection has closed. */
  onClosed: (connection: Connection & Partial<E>) => void;
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
  { report, onProtocolError, mask, onClosed }: ServerParts<E>,
) {
  /** Messages that are sent in place of those of graphql-ws, by their text, which is unique. */
  const serialized = new Map<string, string>();
  const server = makeServer<P, Connection & Partial<E>>({
    ...options,
    onError: async (context, id, payload, errors) =>
      withoutHttp((await options.onError?.(context, id, payload, errors)) ?? errors),
    onNext(_context, id, _payload, args, result) {
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
  const messageTurns = createMessageTurns();
  sockets.options.handleProtocols = handleProtocols as never;
  sockets.on('connection', (socket, request) => {
    const { socket: tcpSocket } = request;
    // ws has already closed the connection with the proper code.
    socket.on('error', onProtocolError);
    const writer = new FrameWriter(socket, tcpSocket);
    const inTurn = messageTurns(socket);
    const { authorization } = request.headers;
    const connection = { socket, writer, requestId: '', authorization } as Connection & Partial<E>;
    const failed = (requestId: string) => (error: Error) =>
      closeBy(asClientError(error), socket, requestId, report);
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
            pauseWhileBehind(socket, tcpSocket);
            const requestId = newRequestId();
            const { length } = message as Buffer;
            if (!connection.isAccepted && length > MAX_INIT_BYTES) {
              return closeBy(tooLargeBefore(), socket, requestId, report);
            }
            inTurn(length, () => {
              connection.requestId = requestId;
              // Not a closure of this function, which would keep the message.
              handle(parsed(String(message))).catch(failed(requestId));
            });
          });
        },
      },
      connection,
    );
    // Not `once`, which wraps its listener: a socket closes once.
    socket.on('close', (code, reason) => {
      closed(code, String(reason)).catch((error) => report(error, randomUUID()));
      onClosed(connection);
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

/**
 * Returns the message for graphql-ws, which parses only text: it keeps its argument as long as the
 * operation is open. Text that is no object is left to it.
 */
function parsed(text: string): string {
  try {
    const message = JSON.parse(text);
    return typeof message === 'object' ? message : text;
  } catch {
    return text;
  }
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
