import mongoose from 'mongoose';
import { withoutMentions } from '../catalog/erased/without-mentions.ts';
import type { StoredEvent } from '../catalog/event.ts';
import type { Span } from '../log/read/log-reader.ts';
import type { EventDocument } from '../storage/documents.ts';
import { fromDocument } from '../storage/event-document.ts';
import { readAsWritten } from '../storage/models.ts';
import { type Erased, type EraseEvents, rewrite } from './erase-pages.ts';

/** Positions per query. */
const WINDOW = 2_000;
const INT32_BYTES = 4;
const DOUBLE_BYTES = 8;

/**
 * Events about somebody else, or about nobody, that name the user at any depth. No index has them,
 * so the whole span is looked through, by its bytes as far as possible. They keep their identity: a
 * repeat is to be known as one.
 *
 * @param wanted which of them
 * @param dry only counts
 */
export async function* eraseMentions(
  options: EraseEvents,
  span: Span,
  { wanted, dry = false }: { wanted: (event: StoredEvent) => boolean; dry?: boolean },
): AsyncGenerator<Erased> {
  const { collections, bounds, userId, signal } = options;
  const written = writtenForms(userId);
  const change = (event: StoredEvent) =>
    event.userId === userId || !wanted(event)
      ? event
      : withoutMentions(event, (id) => id === userId);
  for (let reached = span.after; reached < span.upTo; ) {
    signal.throwIfAborted();
    // A gap may cover a billion positions.
    const after = bounds.following(reached) - 1;
    const upTo = Math.min(after + WINDOW, span.upTo);
    const raw = await collections.events
      .find({ position: { $gt: after, $lte: upTo } }, { raw: true })
      .toArray();
    const positions = (raw as unknown as Buffer[])
      .filter((bytes) => written.some((form) => bytes.includes(form)))
      .map((bytes) => mongoose.mongo.BSON.deserialize(bytes, readAsWritten) as EventDocument)
      .filter((document) => {
        const event = fromDocument(document);
        return change(event) !== event;
      })
      .map(({ position }) => position);
    if (!dry) await rewrite(collections, positions, change);
    reached = upTo;
    yield { count: positions.length, reached };
  }
}

/**
 * Returns the byte sequences in which BSON may contain an id: its text, and the driver's encodings
 * of a number.
 */
function writtenForms(userId: string): Buffer[] {
  const forms = [Buffer.from(userId)];
  const number = Number(userId);
  if (String(number) !== userId) return forms;
  const double = Buffer.alloc(DOUBLE_BYTES);
  double.writeDoubleLE(number);
  forms.push(double);
  if ((number | 0) === number) {
    const int32 = Buffer.alloc(INT32_BYTES);
    int32.writeInt32LE(number);
    forms.push(int32);
  }
  return forms;
}
