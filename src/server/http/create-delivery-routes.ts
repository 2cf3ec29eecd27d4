import type { IncomingMessage, ServerResponse } from 'node:http';
import type { createWebhook, DeliveryPlace } from '../../webhook/handle-delivery.ts';
import type { Handler, RouteOptions } from './route-requests.ts';

export interface DeliveryRoutesOptions {
  webhook: ReturnType<typeof createWebhook>;
  /** The path that takes deliveries. */
  path: string;
  /** The header that holds signatures, in lower case. */
  signatureHeader: string;
  /** The path that takes requests with a token, which may have that header for reasons of their own. */
  readers: { path: string; isReader: (request: IncomingMessage) => Promise<boolean> };
  /** The deliveries that are being answered. */
  inFlight: Map<ServerResponse, IncomingMessage>;
}

/** Methods of requests without a body. */
const READING: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Creates the handler of the webhook's path, and an override for deliveries to wrong paths. */
export function createDeliveryRoutes(options: DeliveryRoutesOptions) {
  const { webhook, path: ownPath, signatureHeader, readers, inFlight } = options;
  const deliver =
    (place: DeliveryPlace): Handler =>
    (request, response, requestId) => {
      inFlight.set(response, request);
      response.once('close', () => inFlight.delete(response));
      return webhook(request, response, requestId, place);
    };
  const [handler, misdirected] = [deliver({ isRoute: true }), deliver({ isRoute: false })];

  /** Without a valid token or signature, the request is answered as the path does. */
  const unlessReader =
    (handle: Handler): Handler =>
    async (request, response, requestId) => {
      if (await readers.isReader(request)) return handle(request, response, requestId);
      const otherwise = () => handle(request, response, requestId);
      return deliver({ isRoute: false, otherwise })(request, response, requestId);
    };

  // A signed delivery to a wrong path must not be lost unnoticed.
  const override: RouteOptions['override'] = ({ method, headers }, path, handle) => {
    if (path === ownPath || READING.has(method) || !headers[signatureHeader]) return undefined;
    return path === readers.path ? unlessReader(handle) : misdirected;
  };

  /**
   * Lets the webhook answer a delivery whose client has ended the connection within the body.
   * @returns false if the response belongs to no such delivery
   */
  function endCutShort(response: ServerResponse): boolean {
    const request = inFlight.get(response);
    if (!request || request.complete || request.listenerCount('error') === 0) return false;
    response.setHeader('Connection', 'close');
    return request.emit('error', new Error('the connection ended within the body'));
  }

  return { handler, override, endCutShort };
}
