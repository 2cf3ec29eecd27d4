import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { EventlineError, errorTable } from '../../errors.ts';
import { isHost } from './allowed-origin.ts';
import { boundAnswered, isEnding } from './end-connection.ts';
import { errorBody } from './error-body.ts';
import { normalizeTarget } from './normalize-target.ts';
import { requestIdOf } from './request-ids.ts';
import { setSecurityHeaders } from './security-headers.ts';

/** Handles one request; the id is part of every answer and log line about it. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => void | Promise<void>;

export interface RouteOptions {
  /** Handlers by path, without the query. */
  routes: Readonly<Record<string, Handler>>;
  /** Returns a handler that replaces `handle`, the one of the path. */
  override?: (request: IncomingMessage, path: string, handle: Handler) => Handler | undefined;
  /** Sets the CORS headers of an answer; true if it was a preflight, which is then answered. */
  cors?: (request: IncomingMessage, response: ServerResponse) => boolean;
  report: (error: unknown, requestId: string) => void;
}

/** The only defined expectation (RFC 9110, 10.1.1); Node handles it. */
const CONTINUE = /(?:^|\W)100-continue(?:$|\W)/i;

/**
 * Routes each request to its handler by path, in any notation of the path; 404 for other paths.
 * `request.url` becomes the normalized target, since handlers compare it.
 */
export function routeRequests({ routes, override, cors, report }: RouteOptions): RequestListener {
  const table = new Map(Object.entries(routes));
  return (request, response) => {
    // The connection has had its last answer.
    if (isEnding(request.socket)) return;
    const requestId = beginAnswer(request, response);
    if (cors?.(request, response)) return;
    if (hasUnmetExpectation(request)) {
      response.setHeader('Connection', 'close');
      const message = 'Only 100-continue can be expected here.';
      return sendJson(response, 417, errorBody('BAD_USER_INPUT', message, requestId));
    }
    // Later code uses it as part of a URL. An empty header is valid (RFC 9112, 3.2).
    const { host } = request.headers;
    const isNamed = host !== undefined || request.httpVersion === '1.0';
    if (!isNamed || !isHost(host || 'localhost')) {
      const message = isNamed ? 'the Host header is not a host' : 'the Host header is missing';
      return sendJson(response, 400, errorBody('BAD_USER_INPUT', message, requestId));
    }
    // Most requests need no normalization.
    if (!table.has(request.url ?? '/')) request.url = normalizeTarget(request.url ?? '/');
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const routed = table.get(path) ?? notFound;
    const handler = override?.(request, path, routed) ?? routed;
    Promise.resolve()
      .then(() => handler(request, response, requestId))
      .catch((error: unknown) => {
        report(error, requestId);
        if (response.headersSent) return void response.destroy();
        sendJson(response, 500, errorBody('INTERNAL_SERVER_ERROR', 'internal error', requestId));
      });
  };
}

/** Refuses a pipelined request because too many are waiting, and closes its connection. */
export const refusePipelined: RequestListener = (request, response) => {
  const message =
    'Too many pipelined requests are waiting. Send a request after the answer to the last one.';
  const error = new EventlineError('SERVICE_UNAVAILABLE', message);
  sendError(response, error, beginAnswer(request, response));
};

/** Sets the headers of every answer and returns the request id. */
function beginAnswer(request: IncomingMessage, response: ServerResponse): string {
  const requestId = requestIdOf(request);
  boundAnswered(request, response);
  setSecurityHeaders(response);
  response.setHeader('X-Request-Id', requestId);
  return requestId;
}

/** An empty value expects nothing; some clients send it to turn off `100-continue`. */
function hasUnmetExpectation({ httpVersion, headers }: IncomingMessage): boolean {
  return httpVersion === '1.1' && !!headers.expect?.trim() && !CONTINUE.test(headers.expect);
}

/** Restricts a handler to GET and HEAD; 405 for other methods. */
export const onlyGet = (handler: Handler) => onlyMethods(['GET', 'HEAD'], handler);

/** Restricts a handler to some methods; 405 for others, with `Allow`. */
export function onlyMethods(methods: readonly string[], handler: Handler): Handler {
  return (request, response, requestId) => {
    if (methods.includes(request.method ?? '')) return handler(request, response, requestId);
    response.setHeader('Allow', methods.join(', '));
    const message = `use ${methods.join(' or ')}`;
    sendJson(response, 405, errorBody('BAD_USER_INPUT', message, requestId));
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Answers with an error in GraphQL's format and closes the connection. */
export function sendError(
  response: ServerResponse,
  error: EventlineError,
  requestId: string,
): void {
  const { code, message } = error;
  response.setHeader('Connection', 'close');
  response.setHeader('Retry-After', '5');
  const { httpStatus } = errorTable[code];
  sendJson(response, httpStatus, { errors: [{ message, extensions: { code, requestId } }] });
}

/** Answers 404. */
export function notFound(_: IncomingMessage, response: ServerResponse, requestId: string): void {
  sendJson(response, 404, errorBody('BAD_USER_INPUT', 'not found', requestId));
}
