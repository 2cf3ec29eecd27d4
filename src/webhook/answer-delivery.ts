import type { ServerResponse } from 'node:http';
import { isFromFuture } from '../catalog/credible-instant.ts';
import type { NewEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { AppendResult } from '../log/append/types.ts';
import type { EventIds } from '../log/read/event-ids.ts';
import { outcomes, problems } from './answers.ts';
import { DeliveryError } from './delivery-error.ts';

/** Retry-After of a 503 answer, in seconds (RFC 9110 §10.2.3). */
const RETRY_AFTER_S = 5;

/** A delivery that the log has decided about, or whose bytes an operator dropped before. */
export type Settled = { event: NewEvent; result: AppendResult } | 'dropped';

/** Answers a settled delivery with 200, so that the sender does not retry; returns the outcome. */
export function accept(
  response: ServerResponse,
  settled: Settled,
  eventIds: Pick<EventIds, 'globalId'>,
) {
  if (settled === 'dropped') {
    answer(response, outcomes.dropped.status, 'application/json', { status: settled });
    return { answer: settled, isRepeated: true };
  }
  const { event, result } = settled;
  const { status, position, digest } = result;
  // An event that waits in the inbox has no position yet; an erased one has none, and no id.
  const knownPosition = position !== undefined && { position };
  const place = status !== 'erased' && {
    id: eventIds.globalId({ type: event.type, digest }),
    ...knownPosition,
  };
  answer(response, outcomes[status].status, 'application/json', { status, ...place });
  return {
    answer: status,
    ...(place && knownPosition),
    ...(status === 'stored' && isFromFuture(event) && { isFromFuture: true }),
  };
}

/** Answers a delivery that is not accepted (RFC 9457); returns the outcome. */
export function refuse(response: ServerResponse, error: unknown, requestId: string) {
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
    ...(known.isRepeated && { isRepeated: true }),
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
