import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEBHOOK_PATH } from '../contract.ts';

/** Reads the body of a request. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    );
    request.once('error', reject);
  });
}

/** Answers with a JSON body. */
export function answer(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Returns a request listener that accepts deliveries; other paths get 404. */
export function receiveDeliveries(
  handle: (body: Buffer, request: IncomingMessage) => object | Promise<object>,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url !== WEBHOOK_PATH) {
      response.writeHead(404).end();
      return;
    }
    try {
      answer(response, await handle(await readBody(request), request));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  };
}
