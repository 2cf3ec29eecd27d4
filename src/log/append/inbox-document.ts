import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import { fromDocument, toDocument } from '../../storage/event-document.ts';

const DIGEST_BYTES = 32;

/** Returns the inbox entry of an event: its document without a position. */
export function toInboxDocument(event: NewEvent): InboxDocument {
  const { position: _, ...entry } = toDocument(event, 0);
  return entry;
}

/** Returns the event of an inbox entry. */
export function fromInboxDocument(entry: InboxDocument): NewEvent {
  const { position: _, ...event } = fromDocument({ ...entry, position: 0 } as EventDocument);
  return event;
}

/**
 * Returns true for a document that `toInboxDocument` may have created. Any other document would
 * block the entries behind it.
 */
export function isInboxDocument(entry: Partial<InboxDocument>): entry is InboxDocument {
  const { _id, type, occurredOn, receivedAt, userId, installationId, payload } = entry;
  return (
    _id instanceof mongoose.mongo.Binary &&
    _id.length() === DIGEST_BYTES &&
    typeof type === 'string' &&
    occurredOn instanceof Date &&
    receivedAt instanceof Date &&
    [userId, installationId].every((id) => id === undefined || typeof id === 'string') &&
    typeof payload === 'object' &&
    payload !== null
  );
}
