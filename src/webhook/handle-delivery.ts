import type { IncomingMessage, ServerResponse } from 'node:http';
import { LogUnavailableError } from '../errors.ts';
import type { Appender } from '../log/append/appender.ts';
import type { Log } from '../log/log.ts';
import type { Quarantine } from '../log/quarantine.ts';
import type { EventIds } from '../log/read/event-ids.ts';
import { addressGroup } from './address-group.ts';
import { answerDelivery } from './answer-delivery.ts';
import { problems } from './answers.ts';
import type { BodyBudget, BodyShare } from './body-budget.ts';
import { namesCompression } from './is-compressed.ts';
import { failed, type Outcome, type Refused, refused, reportOf } from './outcome.ts';
import { readBody } from './read-body.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { findStored, storeDelivery } from './store-delivery.ts';
import { arrivals, deliveryReports, parsedDeliveries } from './telemetry.ts';

export interface WebhookOptions {
  scheme: SignatureScheme;
  appender: Pick<Appender, 'append' | 'full'>;
  quarantine: Pick<Quarantine, 'keep'>;
  eventIds: Pick<EventIds, 'globalId'>;
  findPosition: Log['findPosition'];
  /** Maximum body size, in bytes. */
  maxBytes: number;
  /** The memory budget of bodies that are being read or await their answer. */
  bodies: Pick<BodyBudget, 'full' | 'open'>;
  /** Called when the signature of a request is valid. */
  onVerified?: ((request: IncomingMessage) => void) | undefined;
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
  findPosition,
  maxBytes,
  bodies,
  onVerified,
}: WebhookOptions) {
  async function receive(
    request: IncomingMessage,
    share: BodyShare,
    { isRoute, otherwise }: DeliveryPlace,
  ): Promise<Outcome | undefined> {
    const misplaced = findMisplaced(request, isRoute);
    if (misplaced && request.headers[scheme.header] === undefined) return misplaced;
    if (appender.full() || bodies.full()) {
      return failed(new LogUnavailableError('too many deliveries are waiting'));
    }
    const rawBody = await readBody(request, maxBytes, share);
    if (!Buffer.isBuffer(rawBody)) return rawBody;
    const verdict = scheme.verify(rawBody, request.headers);
    if (verdict === 'missing' || verdict === 'wrong') {
      if (otherwise) return undefined;
      return misplaced ?? refused(`signature-${verdict}`, scheme.expected);
    }
    share.verified();
    onVerified?.(request);
    const receivedAt = new Date();
    const isEncoded = namesCompression(request.headers['content-encoding']);
    const unread = misplaced ?? (verdict === 'stale' ? stale : undefined);
    const outcome = unread
      ? ((await findStored(rawBody, receivedAt, findPosition)) ?? unread)
      : await storeDelivery({ rawBody, receivedAt, isEncoded }, appender, (event) =>
          parsedDeliveries.publish({ request, event }),
        );
    if (outcome.kind === 'appended' || !problems[outcome.problem].kept) return outcome;
    const { problem, detail } = outcome;
    const kept = await quarantine.keep({ rawBody, problem, detail, receivedAt });
    return kept === 'dropped' || kept === 'erased' ? { kind: kept } : { ...outcome, kept };
  }

  return async function handleDelivery(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    place: DeliveryPlace = { isRoute: true },
  ): Promise<void> {
    const startedMs = performance.now();
    arrivals.publish(request);
    const share = bodies.open(addressGroup(request.socket.remoteAddress));
    const outcome = await receive(request, share, place).catch(failed);
    try {
      if (outcome === undefined) return place.otherwise?.();
      answerDelivery(response, outcome, { requestId, eventIds });
    } finally {
      share.release();
    }
    const durationMs = performance.now() - startedMs;
    const { statusCode: status } = response;
    const report = { requestId, status, durationMs, ...reportOf(outcome) };
    deliveryReports.publish({ request, report });
  };
}

/** Returns why a request could not be accepted whatever its body; undefined if it may be. */
function findMisplaced(request: IncomingMessage, isRoute: boolean): Refused | undefined {
  if (!isRoute) return refused('wrong-path', 'post deliveries to /webhooks/events');
  return request.method === 'POST' ? undefined : refused('method-not-allowed', 'use POST');
}

const stale = refused(
  'timestamp-not-current',
  'webhook-timestamp: expected Unix seconds, at most 5 minutes from now',
);
