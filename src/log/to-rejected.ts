import type { NewEvent } from '../catalog/event.ts';
import { UnstorableError } from '../errors.ts';
import type { Rejected } from './keep-rejected.ts';

/**
 * The delivery of an acknowledged event that the log will never take, for the quarantine. The raw
 * bytes are gone; a body that says the same has the same identity.
 */
export function toRejected(event: NewEvent): Rejected {
  const { typeName, occurredText, payload, extra, receivedAt } = event;
  const body = { ...extra, type: typeName, occurred_on: occurredText, payload };
  return {
    rawBody: Buffer.from(JSON.stringify(body)),
    problem: 'json-not-exact',
    detail: new UnstorableError().message,
    receivedAt,
  };
}
