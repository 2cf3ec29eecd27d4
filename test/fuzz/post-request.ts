import { postAsSender } from '../utils/post-as-sender.ts';
import { sendRaw } from '../webhook/send-raw.ts';
import type { GeneratedRequest } from './generate/request.ts';
import { headerOf } from './generate/signatures.ts';

/** The last answer to a request. */
export interface Answer {
  status: number;
  headers: Headers;
  body: { status?: string; id?: string; position?: number; quarantined?: boolean };
}

/** Writes a request to a socket of its own, and again after a 503. */
export function postRequest(url: string, request: GeneratedRequest): Promise<Answer> {
  const { body, signatures, target, lines, chunkSizes } = request;
  const isChunked = chunkSizes.length > 0;
  const head = [
    `POST ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    `X-Signature: ${headerOf(signatures, body.bytes).header}`,
    isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.bytes.length}`,
    ...lines,
  ];
  const parts = isChunked ? chunksOf(body.bytes, chunkSizes) : [body.bytes];
  return postAsSender(async () => {
    const received = await sendRaw(url, `${head.join('\r\n')}\r\n\r\n`, ...parts);
    return toAnswer(received.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, ''));
  });
}

function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const size = sizes[chunks.length % sizes.length] ?? bytes.length;
    const chunk = bytes.subarray(start, start + size);
    const length = chunk.length.toString(16);
    chunks.push(Buffer.concat([Buffer.from(`${length}\r\n`), chunk, Buffer.from('\r\n')]));
    start += chunk.length;
  }
  return [...chunks, Buffer.from('0\r\n\r\n')];
}

function toAnswer(received: string): Answer {
  const [head = '', text = ''] = received.split('\r\n\r\n');
  const retryAfter = /^retry-after: (.*)$/im.exec(head)?.[1];
  return {
    status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)),
    headers: new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    body: text.startsWith('{') ? JSON.parse(text) : {},
  };
}
