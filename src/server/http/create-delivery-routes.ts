import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tracing } from '../../observability/tracing/tracing.ts';
import type { createWebhook } from '../../webhook/handle-delivery.ts';
import type { Handler, RouteOptions } from './route-requests.ts';

export interface DeliveryRoutesOptions {
  webhook: ReturnType<typeof createWebhook>;
  /** The header that holds signatures, in lower case. */
  signatureHeader: string;
  /** The paths that take POST: of deliveries, and of others that may have the header. */
  postPaths: readonly string[];
  tracing: Pick<Tracing, 'onDelivery'> | undefined;
  /** The deliveries that are being answered. */
  inFlight: Map<ServerResponse, IncomingMessage>;
}

/** Creates the handler of the webhook's path, and an override for deliveries to wrong paths. */
export function createDeliveryRoutes(options: DeliveryRoutesOptions) {
  const { webhook, signatureHeader, postPaths, tracing, inFlight } = options;
  const deliver =
    (isRoute: boolean): Handler =>
    (request, response, requestId) => {
      tracing?.onDelivery(request);
      inFlight.set(response, request);
      response.once('close', () => inFlight.delete(response));
      return webhook(request, response, requestId, isRoute);
    };
  const [handler, misdirected] = [deliver(true), deliver(false)];
  // A signed delivery to a wrong path must not be lost unnoticed.
  const override: RouteOptions['override'] = ({ method, headers }, path) => {
    if (method !== 'POST' || !headers[signatureHeader]) return undefined;
    return postPaths.includes(path) ? undefined : misdirected;
  };
  return { handler, override };
}
