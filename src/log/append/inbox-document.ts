import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import { UUID_LAYOUT } from '../../catalog/field.ts';
import type { EventDocument, InboxDocument } from '../../storage/documents.ts';
import { fromDocument, toDocument } from '../../storage/event-document.ts';

const { Binary, DBRef } = mongoose.mongo;
const DIGEST_BYTES = 32;

/** Returns the inbox entry of an event: its document without a position. */
export function toInboxDocument(event: NewEvent): InboxDocument {
  const { position: _, ...entry } = toDocument(event, 0);
  return entry;
}

/** Returns the entry of an event that an erasure has changed. @param original its digest before */
export function toChangedInboxDocument(event: NewEvent, original: Buffer): InboxDocument {
  return { ...toInboxDocument(event), original: new Binary(original) };
}

/** Returns the digest of an entry's event before an erasure changed it; undefined if none did. */
export function originalDigest({ original }: InboxDocument): Buffer | undefined {
  return original && Buffer.from(original.value());
}

/** Returns the event of an inbox entry. */
export function fromInboxDocument(entry: InboxDocument): NewEvent {
  const document = { ...entry, position: 0, repeats: undefined } as unknown as EventDocument;
  const { position: _, ...event } = fromDocument(document);
  return event;
}

/**
 * Returns true for a document that `toInboxDocument` may have created. Any other document would
 * block the entries behind it, or, in the log, every subscriber that reaches it.
 */
export function isInboxDocument(entry: Partial<InboxDocument>): entry is InboxDocument {
  const { _id, original, type, occurredOn, receivedAt, installationId, payload, extra } = entry;
  return (
    isDigest(_id) &&
    (original === undefined || isDigest(original)) &&
    typeof type === 'string' &&
    isInstant(occurredOn) &&
    isInstant(receivedAt) &&
    [entry.typeName, entry.occurredText, entry.userId].every(isTextOrAbsent) &&
    isTextOrAbsent(installationId) &&
    (installationId === undefined || UUID_LAYOUT.test(installationId)) &&
    isObject(payload) &&
    (extra === undefined || isObject(extra))
  );
}

function isDigest(value: unknown): boolean {
  return value instanceof Binary && value.length() === DIGEST_BYTES;
}

/** BSON has instants beyond those of JavaScript, which the driver reads as an invalid date. */
function isInstant(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

/** Returns true for an embedded document; the driver makes a DBRef of one with `$ref` and `$id`. */
function isObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype || value instanceof DBRef;
}
