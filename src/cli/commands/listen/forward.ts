import type { IncomingHttpHeaders } from 'node:http';
import { readBytes } from '../../../client/read-bounded.ts';
import { MAX_ANSWER_BYTES } from '../../post-delivery.ts';

/** How long the program may take to answer, in milliseconds. */
const FORWARD_MS = 30_000;

/** Headers that concern one connection only (RFC 9110, 7.6.1), or that `fetch` sets. */
const NOT_FORWARDED = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'host', 'content-length', 'expect', 'accept-encoding'],
]);

export interface ForwardedAnswer {
  status: number;
  /** Headers that matter to a sender. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface Forwarded {
  rawBody: Buffer;
  headers: IncomingHttpHeaders;
}

/**
 * Posts a delivery unchanged, with its signature, and returns the answer.
 * @throws errors of `fetch`: no answer, or none in time; ConnectionLostError when it is too long
 */
export async function forward(
  target: URL,
  { rawBody, headers }: Forwarded,
  signal: AbortSignal,
): Promise<ForwardedAnswer> {
  const response = await fetch(target, {
    method: 'POST',
    headers: Object.entries(headers).flatMap(([name, value]) =>
      NOT_FORWARDED.has(name) || value === undefined ? [] : [[name, String(value)]],
    ) as [string, string][],
    body: new Uint8Array(rawBody),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(FORWARD_MS)]),
  });
  const kept = ['content-type', 'retry-after'].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    status: response.status,
    headers: Object.fromEntries(kept),
    body: Buffer.from(await readBytes(response, MAX_ANSWER_BYTES)),
  };
}
