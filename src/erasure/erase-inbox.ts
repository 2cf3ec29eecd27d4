import mongoose from 'mongoose';
import { erasedEvent } from '../catalog/erased/erased-event.ts';
import { withoutMentions } from '../catalog/erased/without-mentions.ts';
import type { NewEvent } from '../catalog/event.ts';
import {
  fromInboxDocument,
  isInboxDocument,
  originalDigest,
  toChangedInboxDocument,
} from '../log/append/inbox-document.ts';
import type { InboxDocument } from '../storage/documents.ts';
import { ignoreDuplicateKey } from '../storage/duplicate-key.ts';
import type { Collections } from '../storage/models.ts';
import { targetsOf } from './erase-mentions.ts';
import { impersonal } from './erase-unattributed.ts';
import type { EraseEvents } from './types.ts';

const { Binary } = mongoose.mongo;

export interface EraseInbox extends Pick<EraseEvents, 'userId' | 'pseudonyms' | 'signal'> {
  collections: Pick<Collections, 'inbox' | 'events'>;
  /** The user's installations: those of no other user, and shared ones. */
  installations: { own: readonly string[]; shared: readonly string[] };
  /** The user's e-mail addresses and phone numbers, in the forms of `contactsIn`. */
  contacts: ReadonlySet<string>;
  /** Which events. */
  isIncluded: (event: NewEvent) => boolean;
  /** Gets the user's own events before they are removed. */
  onOwn?: (events: readonly NewEvent[]) => Promise<void>;
  /** Called with each other event before it is changed. */
  onChange?: (before: NewEvent) => Promise<void>;
  /** Only counts. */
  dry?: boolean;
}

/**
 * Removes the user's own events from the inbox, and mentions of the user from others. Returns their
 * numbers; an event that is also in the log is counted there.
 *
 * An entry that is moved meanwhile is found in the log, or dropped by the instance that moves it. The
 * log comes before the inbox: an entry whose event it holds then has the same identity there, and is
 * not moved again. A document of the user that is no event, written by hand, is removed uncounted.
 */
export async function eraseInbox(options: EraseInbox): Promise<{ own: number; mentions: number }> {
  const { collections, userId, isIncluded, onOwn, onChange, dry = false, signal } = options;
  const { inbox } = collections;
  const own: NewEvent[] = [];
  const mentions: Changed[] = [];
  for await (const entry of inbox.find({})) {
    signal.throwIfAborted();
    if (!isInboxDocument(entry)) {
      const { _id, userId: named } = entry as InboxDocument;
      if (named === userId && !dry) await inbox.deleteOne({ _id });
      continue;
    }
    const event = fromInboxDocument(entry);
    if (!isIncluded(event)) continue;
    if (event.userId === userId) {
      own.push(event);
      continue;
    }
    const changed = withoutUser(event, options);
    if (changed === event) continue;
    mentions.push([event.digest, changed.digest]);
    if (dry) continue;
    await onChange?.(event);
    const original = originalDigest(entry) ?? event.digest;
    await replace(inbox, entry, toChangedInboxDocument(changed, original));
  }
  const ofOwn = own.map(({ digest }): Changed => [digest, options.pseudonyms.digest(digest)]);
  const counts = {
    own: own.length - (await countInLog(collections, ofOwn)),
    mentions: mentions.length - (await countInLog(collections, mentions)),
  };
  if (own.length > 0 && !dry) {
    // First: an erasure that is interrupted in between finds them again.
    await onOwn?.(own);
    await inbox.deleteMany({ _id: { $in: own.map(({ digest }) => new Binary(digest)) } });
  }
  return counts;
}

/** The identities of an event before and after its erasure. */
type Changed = readonly [before: Buffer, after: Buffer];

/** Returns how many events the log holds, in the one form or the other. */
async function countInLog(
  { events }: Pick<Collections, 'events'>,
  changed: readonly Changed[],
): Promise<number> {
  if (changed.length === 0) return 0;
  const ids = changed.flat().map((digest) => new Binary(digest));
  return events.countDocuments({ _id: { $in: ids } });
}

/**
 * Under another identity it is another document: the new one first, so that none is lost. An entry
 * that is equal already is the same event; see decision 9.
 */
async function replace(
  inbox: Collections['inbox'],
  before: InboxDocument,
  after: InboxDocument,
): Promise<void> {
  if (before._id.toString('hex') === after._id.toString('hex')) {
    await inbox.replaceOne({ _id: before._id }, after);
    return;
  }
  await inbox.insertOne(after).catch(ignoreDuplicateKey(() => undefined));
  await inbox.deleteOne({ _id: before._id });
}

/** The user's own events that wait in the inbox. */
export async function ownInInbox(
  { inbox }: Pick<Collections, 'inbox'>,
  userId: string,
): Promise<NewEvent[]> {
  const entries = await inbox.find({ userId: { $eq: userId } }).toArray();
  return entries.filter(isInboxDocument).map(fromInboxDocument);
}

function withoutUser(
  event: NewEvent,
  { userId, installations: { own, shared }, contacts, pseudonyms }: EraseInbox,
): NewEvent {
  const installation = event.userId === null ? (event.installationId ?? '') : '';
  const seen = own.includes(installation)
    ? erasedEvent(event, pseudonyms.unattributed)
    : shared.includes(installation)
      ? impersonal(event)
      : event;
  if (seen !== event) return { ...seen, digest: pseudonyms.digest(event.digest) };
  return withoutMentions(event, targetsOf(userId, contacts));
}
