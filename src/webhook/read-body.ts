import type { IncomingMessage } from 'node:http';
import { LogUnavailableError } from '../errors.ts';
import type { BodyShare } from './body-budget.ts';
import { collectBytes } from './collect-bytes.ts';
import { failed, type Refused, refused } from './outcome.ts';
import type { EvictionReason } from './unverified-body.ts';

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
    const fail = (refusal: Refused) => {
      request.off('data', onData);
      request.pause();
      body.clear();
      resolve(refusal);
    };
    share.onEvicted((reason) => fail(refused('body-too-slow', evictions[reason])));
    function onData(chunk: Buffer): void {
      share.received(chunk.length);
      if (body.size() + chunk.length > maxBytes) fail(tooLarge(limitText));
      else if (body.isScattered()) fail(tooLarge('it has too many chunks for its size'));
      else if (share.take(body.growthFor(chunk))) body.add(chunk);
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
