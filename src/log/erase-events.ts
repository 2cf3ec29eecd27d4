import mongoose from 'mongoose';
import { erasedEvent } from '../catalog/erased-event.ts';
import type { StoredEvent } from '../catalog/event.ts';
import { withoutMentions } from '../catalog/without-mentions.ts';
import type { KnownBounds } from './bounds.ts';
import { fromDocument, toDocument } from './event-document.ts';
import { type Collections, type EventDocument, readAsWritten } from './models.ts';
import type { ErasurePseudonyms } from './pseudonyms.ts';
import type { LogReader, Span } from './read.ts';

/** How many events go in one transaction, and how many positions one look covers. */
const PAGE = 200;
const WINDOW = 2_000;

export interface EraseEvents {
  collections: Pick<Collections, 'events' | 'transaction'>;
  reader: LogReader;
  bounds: Pick<KnownBounds, 'following'>;
  userId: string;
  pseudonyms: ErasurePseudonyms;
  signal: AbortSignal;
}

/** Events that a step has come to, one page after the other: how many, and how far it looked. */
export interface Erased {
  count: number;
  reached: number;
}

/**
 * The user's own events of a span, page by page. Each is put in the place of the one that stood
 * there, under another identity, within one transaction: nobody ever reads a log without that
 * position, and the identity, a digest of what it said, goes as well.
 *
 * @param wanted which of them
 * @param onPage told of a page before it is erased
 */
export async function* eraseOwn(
  options: EraseEvents,
  span: Span,
  wanted: (event: StoredEvent) => boolean,
  onPage: (events: readonly StoredEvent[]) => Promise<void>,
): AsyncGenerator<Erased> {
  const { collections, reader, userId, pseudonyms, signal } = options;
  const { events, transaction } = collections;
  const filter = { userIds: [userId] };
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
    const own = page.events.filter(wanted);
    if (own.length > 0) await onPage(own);
    const erased = own.map((event) => {
      const digest = pseudonyms.digest(event.digest);
      return toDocument(
        { ...erasedEvent(event, pseudonyms), digest, repeats: undefined },
        event.position,
      );
    });
    const ids = own.map(({ digest }) => new mongoose.mongo.Binary(digest));
    const moved = await transaction(async (session) => {
      if (own.length === 0) return true;
      const { deletedCount } = await events.deleteMany({ _id: { $in: ids } }, { session });
      // Somebody else erases the same, or retention has removed some: look again.
      if (deletedCount !== own.length) {
        await session.abortTransaction();
        return false;
      }
      await events.insertMany(erased, { session });
      return true;
    });
    if (!moved) continue;
    after = page.reached;
    yield { count: own.length, reached: after };
  }
}

/**
 * Events about somebody else, or about nobody, that name the user at any depth. No index has them,
 * so the whole span is looked through, by its bytes as far as possible. They keep their identity: a
 * repeat is to be known as one.
 */
export async function* eraseMentions(
  options: EraseEvents,
  span: Span,
  dry: boolean,
): AsyncGenerator<Erased> {
  const { collections, bounds, userId, signal } = options;
  const isUser = (id: string) => id === userId;
  // A number is not written in digits there, and a short text is found everywhere.
  const byBytes = Number.isNaN(Number(userId)) ? Buffer.from(userId) : undefined;
  for (let reached = span.after; reached < span.upTo; ) {
    signal.throwIfAborted();
    // Gaps may be of a thousand million positions.
    const after = bounds.following(reached) - 1;
    const upTo = Math.min(after + WINDOW, span.upTo);
    const raw = await collections.events
      .find({ position: { $gt: after, $lte: upTo } }, { raw: true })
      .toArray();
    const positions = (raw as unknown as Buffer[])
      .filter((bytes) => byBytes === undefined || bytes.includes(byBytes))
      .map((bytes) => mongoose.mongo.BSON.deserialize(bytes, readAsWritten) as EventDocument)
      .filter((document) => {
        const event = fromDocument(document);
        return event.userId !== userId && withoutMentions(event, isUser) !== event;
      })
      .map(({ position }) => position);
    if (!dry) {
      await rewrite(collections, positions, (event) =>
        event.userId === userId ? event : withoutMentions(event, isUser),
      );
    }
    reached = upTo;
    yield { count: positions.length, reached };
  }
}

/**
 * Events about nobody on the installations that only this user has had, as their first one: they
 * lose what they say of the device, and get an installation that leads to nothing else. Returns these
 * installations as well.
 */
export async function eraseLoose(
  options: EraseEvents,
  span: Span,
): Promise<{ count: number; installations: string[] }> {
  const { collections, reader, userId, pseudonyms, signal } = options;
  const installations = new Set<string>();
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const filter = { userIds: [userId] };
    const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
    for (const { installationId } of page.events) {
      if (installationId !== null) installations.add(installationId);
    }
    after = page.reached;
  }
  let count = 0;
  const own: string[] = [];
  for (const installationId of installations) {
    const filter = { installationIds: [installationId] };
    const loose: number[] = [];
    let shared = false;
    for (let after = span.after; after < span.upTo && !shared; ) {
      signal.throwIfAborted();
      const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
      for (const event of page.events) {
        if (event.userId === null) loose.push(event.position);
        else if (event.userId !== userId) shared = true;
      }
      after = page.reached;
    }
    if (shared) continue;
    own.push(installationId);
    for (let start = 0; start < loose.length; start += PAGE) {
      signal.throwIfAborted();
      const positions = loose.slice(start, start + PAGE);
      count += await rewrite(collections, positions, (event) =>
        event.installationId === installationId
          ? { ...erasedEvent(event, pseudonyms.loose), repeats: undefined }
          : event,
      );
    }
  }
  return { count, installations: own };
}

/** Changes events at their positions, against what stands there at that moment. */
async function rewrite(
  { events, transaction }: EraseEvents['collections'],
  positions: readonly number[],
  change: (event: StoredEvent) => StoredEvent,
): Promise<number> {
  if (positions.length === 0) return 0;
  return transaction(async (session) => {
    const found = await events.find({ position: { $in: [...positions] } }, { session }).toArray();
    const replacements = found.flatMap((document) => {
      const event = fromDocument(document);
      const changed = change(event);
      if (changed === event) return [];
      const replacement = toDocument(changed, event.position);
      return [{ replaceOne: { filter: { _id: document._id }, replacement } }];
    });
    if (replacements.length > 0) await events.bulkWrite(replacements, { session });
    return replacements.length;
  });
}
