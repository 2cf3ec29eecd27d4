import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromFuture } from '../catalog/credible-instant.ts';
import type { NewEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Appender } from '../log/append/appender.ts';
import type { AppendResult } from '../log/append/types.ts';
import type { Quarantine } from '../log/quarantine.ts';
import type { EventIds } from '../log/read/event-ids.ts';
import { addressGroup } from './address-group.ts';
import type { BodyBudget, BodyShare } from './body-budget.ts';
import { DeliveryError, problems } from './delivery-error.ts';
import { isJsonBody } from './media-type.ts';
import { parseDelivery } from './parse-delivery.ts';
import { readBody } from './read-body.ts';
import { toRefusal } from './to-refusal.ts';
import type { Verify } from './verify-signature.ts';

/** Retry-After of a 503 answer, in seconds (RFC 9110 §10.2.3). */
const RETRY_AFTER_S = 5;

/** The outcome of a delivery, for the log line and the metrics. It holds no content and no id. */
export interface DeliveryOutcome {
  requestId: string;
  status: number;
  answer: string;
  /** A type of the catalog or UNKNOWN; undefined if the envelope was not readable. */
  eventType?: string;
  position?: number;
  /** True if the event was stored and its instant is in the future. */
  isFromFuture?: true;
  /** True if the delivery was refused and kept in quarantine. */
  quarantined?: true;
  durationMs: number;
  error?: unknown;
}

export interface WebhookOptions {
  verify: Verify;
  appender: Pick<Appender, 'append' | 'full'>;
  quarantine: Pick<Quarantine, 'keep'>;
  eventIds: Pick<EventIds, 'globalId'>;
  /** Maximum body size, in bytes. */
  maxBytes: number;
  /** The memory budget of bodies that are being read or await their answer. */
  bodies: Pick<BodyBudget, 'full' | 'open'>;
  /** Called when the signature of a request is valid. */
  onVerified?: ((request: IncomingMessage) => void) | undefined;
  onOutcome: (outcome: DeliveryOutcome, request: IncomingMessage) => void;
  /** Called with the parsed event, before it is stored. */
  onParsed?: ((request: IncomingMessage, event: NewEvent) => void) | undefined;
}

/**
 * Returns the handler of the webhook route. It makes the cheap checks first, verifies the
 * signature, parses, appends, and answers once the event is durable. A signed delivery that is not
 * acceptable is kept in quarantine before it is refused.
 */
export function createWebhook({
  verify,
  appender,
  quarantine,
  eventIds,
  maxBytes,
  bodies,
  onOutcome,
  onVerified,
  onParsed,
}: WebhookOptions) {
  async function receive(
    request: IncomingMessage,
    share: BodyShare,
    onType: (eventType: string) => void,
  ): Promise<{ event: NewEvent; result: AppendResult }> {
    if (request.method !== 'POST') throw new DeliveryError('method-not-allowed', 'use POST');
    if (appender.full() || bodies.full())
      throw new LogUnavailableError('too many deliveries are waiting');
    const { 'content-type': type, 'content-encoding': coding } = request.headers;
    if (!isJsonBody(type, coding)) {
      throw new DeliveryError(
        'unsupported-media-type',
        'expected Content-Type application/json in UTF-8 without Content-Encoding',
      );
    }
    const rawBody = await readBody(request, maxBytes, share);
    const verdict = verify(rawBody, header(request, 'x-signature'));
    if (verdict !== 'valid') {
      throw new DeliveryError(
        `signature-${verdict}`,
        'expected X-Signature: sha256=<base64 of the HMAC-SHA256 of the raw body>',
      );
    }
    share.verified();
    onVerified?.(request);
    const receivedAt = new Date();
    try {
      const event = parseDelivery(rawBody, receivedAt);
      onType(event.type);
      onParsed?.(request, event);
      return { event, result: await appender.append(event, rawBody.length) };
    } catch (error) {
      const refusal = toRefusal(error);
      if (refusal === undefined) throw error;
      const { problem, detail, eventType } = refusal;
      if (eventType !== undefined) onType(eventType);
      const kept = await quarantine.keep({ rawBody, problem, detail, receivedAt });
      throw kept ? refusal : new DeliveryError(problem, detail, { isKept: false });
    }
  }

  return async function handleDelivery(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const startedMs = performance.now();
    const share = bodies.open(addressGroup(request.socket.remoteAddress));
    const outcome = { requestId, durationMs: 0 };
    const onType = (eventType: string) => Object.assign(outcome, { eventType });
    try {
      const { event, result } = await receive(request, share, onType);
      const { status, position, digest } = result;
      Object.assign(outcome, { answer: status });
      if (status === 'stored' && isFromFuture(event)) {
        Object.assign(outcome, { isFromFuture: true });
      }
      // Answered 200, so that the sender does not retry. An erased event has no id and no position.
      if (status === 'erased') answer(response, 200, 'application/json', { status });
      else {
        // An event that waits in the inbox has no position yet.
        const knownPosition = position !== undefined && { position };
        Object.assign(outcome, knownPosition);
        const id = eventIds.globalId({ type: event.type, digest });
        answer(response, 200, 'application/json', { status, id, ...knownPosition });
      }
    } catch (error) {
      Object.assign(outcome, refuse(response, error, requestId));
    } finally {
      share.release();
    }
    const durationMs = performance.now() - startedMs;
    onOutcome({ answer: 'none', ...outcome, status: response.statusCode, durationMs }, request);
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function refuse(response: ServerResponse, error: unknown, requestId: string) {
  const known =
    error instanceof DeliveryError
      ? error
      : error instanceof LogUnavailableError
        ? new DeliveryError('unavailable', error.message, { cause: error })
        : new DeliveryError('internal-error', `quote the request id ${requestId}`);
  const { status, title } = problems[known.problem];
  if (status === 405) response.setHeader('Allow', 'POST');
  if (status === 503) response.setHeader('Retry-After', String(RETRY_AFTER_S));
  // The unread rest of the body would be parsed as the next request.
  if (status === 408 || status === 413 || status === 503) response.setHeader('Connection', 'close');
  const { problem, detail } = known;
  const type = `urn:eventline:problem:${problem}`;
  answer(response, status, 'application/problem+json', {
    type,
    title,
    status,
    detail,
    requestId,
    ...(known.isKept && { quarantined: true }),
  });
  return {
    answer: problem,
    ...(known.isKept && { quarantined: true }),
    ...(known !== error && { error }),
  };
}

function answer(response: ServerResponse, status: number, type: string, body: object): void {
  // Set even if the client has disconnected: the log line reports this status.
  response.statusCode = status;
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    // Avoids chunked transfer encoding.
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
