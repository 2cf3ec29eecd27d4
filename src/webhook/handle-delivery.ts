import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NewEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Appender } from '../log/append/appender.ts';
import type { Quarantine } from '../log/quarantine.ts';
import type { EventIds } from '../log/read/event-ids.ts';
import { addressGroup } from './address-group.ts';
import { accept, refuse, type Settled } from './answer-delivery.ts';
import type { BodyBudget, BodyShare } from './body-budget.ts';
import { DeliveryError } from './delivery-error.ts';
import { namesCompression } from './is-compressed.ts';
import { parseDelivery } from './parse-delivery.ts';
import { readBody } from './read-body.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { toRefusal } from './to-refusal.ts';

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
  /** True if the same bytes were refused and kept, or dropped, before. */
  isRepeated?: true;
  durationMs: number;
  error?: unknown;
}

export interface WebhookOptions {
  scheme: SignatureScheme;
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

/** Where a delivery arrived. */
export interface DeliveryPlace {
  /** False at a path where no deliveries are taken. */
  isRoute: boolean;
  /** Handles a request at such a path whose signature is not valid; its body was read. */
  otherwise?: () => void | Promise<void>;
}

/**
 * Returns the handler of deliveries. It makes the cheap checks first, verifies the signature,
 * parses, appends, and answers once the event is durable. A signed delivery that is not acceptable
 * is kept in quarantine before it is refused.
 */
export function createWebhook({
  scheme,
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
    { isRoute, otherwise, onType }: DeliveryPlace & { onType: (eventType: string) => void },
  ): Promise<Settled | undefined> {
    const misplaced = findMisplaced(request, isRoute);
    if (misplaced && request.headers[scheme.header] === undefined) throw misplaced;
    if (appender.full() || bodies.full())
      throw new LogUnavailableError('too many deliveries are waiting');
    const rawBody = await readBody(request, maxBytes, share);
    const verdict = scheme.verify(rawBody, request.headers);
    if (verdict === 'missing' || verdict === 'wrong') {
      if (otherwise) return undefined;
      throw misplaced ?? new DeliveryError(`signature-${verdict}`, scheme.expected);
    }
    const refusedAnyway = misplaced ?? (verdict === 'stale' ? createStale() : undefined);
    share.verified();
    onVerified?.(request);
    const receivedAt = new Date();
    try {
      if (refusedAnyway) throw refusedAnyway;
      const event = parseDelivery(rawBody, receivedAt);
      onType(event.type);
      onParsed?.(request, event);
      return { event, result: await appender.append(event, rawBody.length) };
    } catch (error) {
      const isEncoded = namesCompression(request.headers['content-encoding']);
      const refusal = toRefusal(error, { rawBody, isEncoded });
      if (refusal === undefined) throw error;
      const { problem, detail } = refusal;
      const kept = await quarantine.keep({ rawBody, problem, detail, receivedAt });
      if (kept === 'dropped') return kept;
      throw refusal.keptAs(kept);
    }
  }

  return async function handleDelivery(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    place: DeliveryPlace = { isRoute: true },
  ): Promise<void> {
    const startedMs = performance.now();
    const share = bodies.open(addressGroup(request.socket.remoteAddress));
    const outcome = { requestId, durationMs: 0 };
    const onType = (eventType: string) => Object.assign(outcome, { eventType });
    try {
      const settled = await receive(request, share, { ...place, onType });
      if (settled === undefined) return place.otherwise?.();
      Object.assign(outcome, accept(response, settled, eventIds));
    } catch (error) {
      Object.assign(outcome, refuse(response, error, requestId));
    } finally {
      share.release();
    }
    const durationMs = performance.now() - startedMs;
    onOutcome({ answer: 'none', ...outcome, status: response.statusCode, durationMs }, request);
  };
}

/** Returns why a request could not be accepted whatever its body; undefined if it may be. */
function findMisplaced(request: IncomingMessage, isRoute: boolean): DeliveryError | undefined {
  if (!isRoute) {
    return new DeliveryError('wrong-path', 'post deliveries to /webhooks/events', {
      isKept: false,
    });
  }
  if (request.method === 'POST') return undefined;
  return new DeliveryError('method-not-allowed', 'use POST', { isKept: false });
}

function createStale(): DeliveryError {
  const detail = 'webhook-timestamp: expected Unix seconds, at most 5 minutes from now';
  return new DeliveryError('timestamp-not-current', detail);
}
