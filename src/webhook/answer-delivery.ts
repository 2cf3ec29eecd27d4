import type { ServerResponse } from 'node:http';
import type { EventIds } from '../log/read/event-ids.ts';
import { outcomes, problems } from './answers.ts';
import type { Appended, Outcome, Refused } from './outcome.ts';

/** Retry-After of a 503 answer, in seconds (RFC 9110 §10.2.3). */
const RETRY_AFTER_S = 5;

/**
 * Answers a delivery: 200 when it is settled, so that the sender does not retry, else with its
 * problem (RFC 9457).
 */
export function answerDelivery(
  response: ServerResponse,
  outcome: Outcome,
  { requestId, eventIds }: { requestId: string; eventIds: Pick<EventIds, 'globalId'> },
): void {
  if (outcome.kind === 'refused') return void answerRefused(response, outcome, requestId);
  const body = outcome.kind === 'appended' ? bodyOf(outcome, eventIds) : { status: outcome.kind };
  answer(response, outcomes[body.status].status, 'application/json', body);
}

function bodyOf({ event, result }: Appended, eventIds: Pick<EventIds, 'globalId'>) {
  const { status, position, digest } = result;
  // An event that waits in the inbox has no position yet; an erased one has none, and no id.
  if (status === 'erased') return { status };
  const id = eventIds.globalId({ type: event.type, digest });
  return { status, id, ...(position !== undefined && { position }) };
}

/** Answers a delivery that is not accepted, with its problem. */
export function answerRefused(
  response: ServerResponse,
  { problem, detail, kept }: Refused,
  requestId: string,
): void {
  const { status, title } = problems[problem];
  if (status === 405) response.setHeader('Allow', 'POST');
  if (status === 503) response.setHeader('Retry-After', String(RETRY_AFTER_S));
  // The unread rest of the body would be parsed as the next request.
  if (status === 408 || status === 413 || status === 503) response.setHeader('Connection', 'close');
  answer(response, status, 'application/problem+json', {
    type: `urn:eventline:problem:${problem}`,
    title,
    status,
    detail: problem === 'internal-error' ? `${detail} ${requestId}` : detail,
    requestId,
    ...(kept && { quarantined: true }),
  });
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
