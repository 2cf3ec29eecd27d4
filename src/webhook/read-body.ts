import type { IncomingMessage } from 'node:http';
import { LogUnavailableError } from '../errors.ts';
import type { BodyShare } from './body-budget.ts';
import { collectBytes } from './collect-bytes.ts';
import { failed, type Refused, refused } from './outcome.ts';
import type { EvictionReason } from './unverified-body.ts';

/** Maximum chunks of a body, plus one per 64 bytes: each chunk costs time, however small it is. */
const MIN_CHUNKS = 1_024;
const BYTES_PER_CHUNK = 64;

const evictions: Readonly<Record<EvictionReason, string>> = {
  slow: 'the body came too slowly (WEBHOOK_MIN_BYTES_PER_SECOND)',
  crowded: 'the memory for bodies was full, and this one was the slowest',
};

/**
 * Reads the body of a request.
 *
 * @param maxBytes maximum body size
 * @param share this body's share of the memory budget
 * @returns its bytes; refused as body-too-large as soon as that is certain, as body-cut-short if the
 * connection ends early, as body-too-slow if the body is evicted, as unavailable if verified bodies
 * leave no memory
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  share: Pick<BodyShare, 'received' | 'take' | 'onEvicted'>,
): Promise<Buffer | Refused> {
  const tooLarge = (limit: string) => refused('body-too-large', limit);
  const limitText = `at most ${maxBytes} bytes are taken (WEBHOOK_MAX_BYTES)`;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    return Promise.resolve(tooLarge(limitText));
  }
  return new Promise((resolve) => {
    const body = collectBytes();
    let chunks = 0;
    const fail = (refusal: Refused) => {
      request.off('data', onData);
      request.pause();
      body.clear();
      resolve(refusal);
    };
    share.onEvicted((reason) => fail(refused('body-too-slow', evictions[reason])));
    function onData(chunk: Buffer): void {
      chunks += 1;
      share.received(chunk.length);
      const sizeBytes = body.size() + chunk.length;
      if (sizeBytes > maxBytes) fail(tooLarge(limitText));
      else if (chunks > MIN_CHUNKS + sizeBytes / BYTES_PER_CHUNK) {
        fail(tooLarge('it has too many chunks for its size'));
      } else if (share.take(body.growthFor(chunk))) body.add(chunk);
      else fail(failed(new LogUnavailableError('too many bytes are waiting')));
    }
    request.on('data', onData);
    request.on('end', () => resolve(body.bytes()));
    const onClosed = () => {
      // 'close' also follows a complete request.
      if (request.readableEnded) return;
      resolve(refused('body-cut-short', `the connection ended after ${body.size()} bytes`));
    };
    request.on('error', onClosed);
    request.on('close', onClosed);
  });
}
