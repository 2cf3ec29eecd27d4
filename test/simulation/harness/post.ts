import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Delivery } from './make-delivery.ts';

export interface Answer {
  status: number;
  body: { status?: string; id?: string; position?: number; detail?: string };
}

type Handle = (request: IncomingMessage, response: ServerResponse, id: string) => Promise<void>;

/** Passes a delivery to the webhook's handler, like Node's server. */
export function post(handle: Handle, delivery: Delivery, requestId: string): Promise<Answer> {
  const request = Object.assign(Readable.from([delivery.body], { objectMode: false }), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': delivery.signature },
    socket: { remoteAddress: '192.0.2.1' },
  });
  return new Promise((resolve, reject) => {
    const response = {
      statusCode: 0,
      destroyed: false,
      setHeader: () => undefined,
      writeHead(status: number) {
        response.statusCode = status;
      },
      end(text: string) {
        resolve({ status: response.statusCode, body: JSON.parse(text) });
      },
    };
    handle(
      request as unknown as IncomingMessage,
      response as unknown as ServerResponse,
      requestId,
    ).catch(reject);
  });
}
