import type { NewEvent } from '../../catalog/event.ts';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import { fromDocument, toDocument } from '../../storage/event-document.ts';

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
