import type { IncomingMessage } from 'node:http';
import { LogUnavailableError } from '../errors.ts';
import type { BodyShare } from './body-budget.ts';
import { DeliveryError } from './delivery-error.ts';

/**
 * Reads the bytes of a request as they came, up to a cap.
 *
 * @param maxBytes the largest body that is taken
 * @param share what it may take of all bodies' bytes together
 * @throws DeliveryError body-too-large as soon as that is certain, body-cut-short when the
 *   connection ended first; LogUnavailableError when too many bytes are waiting already
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  share: Pick<BodyShare, 'take'>,
): Promise<Buffer> {
  const tooLarge = () =>
    new DeliveryError('body-too-large', `at most ${maxBytes} bytes are taken (WEBHOOK_MAX_BYTES)`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      const tooMany = !share.take(chunk.length);
      if (size > maxBytes || tooMany) {
        request.pause();
        chunks.length = 0;
        reject(tooMany ? new LogUnavailableError('too many bytes are waiting') : tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks, size));
    });
    const cutShort = () => {
      // Every request is closed at last, and an error costs the way to it.
      if (request.readableEnded) return;
      reject(new DeliveryError('body-cut-short', `the connection ended after ${size} bytes`));
    };
    request.on('error', cutShort);
    request.on('close', cutShort);
  });
}
