import mongoose from 'mongoose';
import type { NewEvent, StoredEvent } from '../catalog/event.ts';
import type { EventDocument } from './documents.ts';

const { Binary } = mongoose.mongo;

/** Returns the document of an event at a position; members that others imply are omitted. */
export function toDocument(
  event: NewEvent & Pick<StoredEvent, 'repeats'>,
  position: number,
): EventDocument {
  return {
    _id: new Binary(event.digest),
    position,
    type: event.type,
    ...(event.typeName !== event.type && { typeName: event.typeName }),
    occurredOn: event.occurredOn,
    ...(event.occurredText !== usualText(event.occurredOn) && {
      occurredText: event.occurredText,
    }),
    receivedAt: event.receivedAt,
    ...(event.userId !== null && { userId: event.userId }),
    ...(event.installationId !== null && { installationId: event.installationId }),
    payload: event.payload,
    ...(event.extra !== null && { extra: event.extra }),
    ...(event.repeats && {
      repeats: event.repeats.count,
      lastRepeatedAt: event.repeats.lastAt,
    }),
  };
}

/** Returns the event of a document, as read by the driver or by mongoose (lean). */
export function fromDocument(document: EventDocument): StoredEvent {
  return {
    digest: Buffer.from(document._id.buffer),
    position: document.position,
    type: document.type,
    typeName: document.typeName ?? document.type,
    occurredOn: document.occurredOn,
    occurredText: document.occurredText ?? usualText(document.occurredOn),
    receivedAt: document.receivedAt,
    userId: document.userId ?? null,
    installationId: document.installationId ?? null,
    payload: document.payload,
    extra: document.extra ?? null,
    ...(document.repeats !== undefined &&
      document.lastRepeatedAt !== undefined && {
        repeats: { count: document.repeats, lastAt: document.lastRepeatedAt },
      }),
  };
}

/** The format of the sender's examples: `2021-09-14T15:55:12.642+00:00`. */
function usualText(instant: Date): string {
  return instant.toISOString().replace('Z', '+00:00');
}
