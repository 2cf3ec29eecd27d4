import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectionLostError } from '../../../client/connection-lost-error.ts';
import { requestIdOf } from '../../../server/http/request-ids.ts';
import { answerRefused } from '../../../webhook/answer-delivery.ts';
import { problems } from '../../../webhook/answers.ts';
import { type Refused, refused } from '../../../webhook/outcome.ts';
import { readBody } from '../../../webhook/read-body.ts';
import type { SignatureScheme } from '../../../webhook/signature-scheme.ts';
import { type ForwardedAnswer, forward } from './forward.ts';

/** One sender at a time, on this machine: its bodies need no budget. */
const UNLIMITED = { received: () => undefined, take: () => true, onEvicted: () => undefined };

/** What happened to one delivery. */
export interface ListenOutcome {
  /** The `type` of the body, if it is readable. */
  type: string | undefined;
  /** Whether it was forwarded: its signature is valid. */
  forwarded: boolean;
  /** The status that the sender got. */
  status: number;
  /** The body of the program's answer, or why it was not asked or did not answer. */
  answer: string;
  tookMs: number;
}

export interface ReceiveOptions {
  scheme: SignatureScheme;
  maxBytes: number;
  target: URL;
  /** Ends pending requests to the program. */
  signal: AbortSignal;
}

/**
 * Verifies a delivery as the server does, forwards it, and passes the answer on to the sender. A
 * delivery without a valid signature is refused. Without an answer, the sender is asked to retry.
 */
export async function receiveDelivery(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReceiveOptions,
): Promise<ListenOutcome> {
  const startedMs = performance.now();
  const outcome = { type: undefined as string | undefined, forwarded: false };
  const settle = (answer: string): ListenOutcome => ({
    ...{ ...outcome, status: response.statusCode, answer },
    tookMs: Math.round(performance.now() - startedMs),
  });
  const refuse = (refusal: Refused): ListenOutcome => {
    answerRefused(response, refusal, requestIdOf(request));
    return settle(`${problems[refusal.problem].title}: ${refusal.detail}`);
  };
  const rawBody = await verifiedBody(request, options);
  if ('kind' in rawBody) return refuse(rawBody);
  outcome.type = typeOf(rawBody);
  const { target, signal } = options;
  try {
    const answer = await forward(target, { rawBody, headers: request.headers }, signal);
    outcome.forwarded = true;
    passOn(response, answer);
    return settle(answer.body.toString());
  } catch (error) {
    return refuse(refused('unavailable', noAnswer(target, error)));
  }
}

/** Returns the body of a POST with a valid signature, or why it is refused. */
async function verifiedBody(
  request: IncomingMessage,
  { scheme, maxBytes }: ReceiveOptions,
): Promise<Buffer | Refused> {
  if (request.method !== 'POST') return refused('method-not-allowed', 'use POST');
  const rawBody = await readBody(request, maxBytes, UNLIMITED);
  if ('kind' in rawBody) return rawBody;
  const verdict = scheme.verify(rawBody, request.headers);
  if (verdict === 'valid') return rawBody;
  const problem = verdict === 'stale' ? 'timestamp-not-current' : (`signature-${verdict}` as const);
  return refused(problem, scheme.expected);
}

function typeOf(rawBody: Buffer): string | undefined {
  try {
    const { type } = (JSON.parse(rawBody.toString()) ?? {}) as { type?: unknown };
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}

/** Without the path and the query: they may hold a secret, and the sender reads this. */
function noAnswer(target: URL, error: unknown): string {
  if (error instanceof ConnectionLostError) return `${target.origin}: ${error.message}`;
  const { cause, name } = error as { cause?: { code?: string }; name: string };
  return `no answer from ${target.origin} (${cause?.code ?? name})`;
}

function passOn(response: ServerResponse, { status, headers, body }: ForwardedAnswer): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.length });
  response.end(body);
}
