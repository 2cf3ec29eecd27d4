import { hasAtMost } from '../../catalog/characters.ts';
import { withoutMentions } from '../../catalog/erased/without-mentions.ts';
import type { NewEvent, StoredEvent } from '../../catalog/event.ts';
import { MAX_SUBJECT_LENGTH } from '../../catalog/field.ts';
import type { ErasureDocument, ErasureStateDocument } from '../../storage/documents.ts';
import {
  hashChanged,
  hashContact,
  hashDigest,
  hashEvent,
  hashRefused,
  hashUser,
  MARKS,
  markOf,
  markOfDigest,
} from './hash-erased.ts';
import { rawUsers } from './raw-users.ts';

/** Recognises erased users, contacts, events and deliveries on arrival. */
export interface ErasedIndex {
  /** See `LogState`. */
  storable(event: NewEvent): NewEvent | undefined;
  readable(event: StoredEvent): StoredEvent | undefined;
  forbids(rawBody: Buffer): boolean;
}

/** What remains of an erased user or contact. */
interface Erased {
  before: Date;
  later: ReadonlySet<string>;
  rewritten: ErasureDocument['rewritten'];
}

/** Creates the index of everything that erasures remember. */
export function createErasedIndex(
  state: ErasureStateDocument,
  documents: readonly ErasureDocument[],
): ErasedIndex {
  const key = Buffer.from(state.key.value());
  const erased = new Map<string, Erased>();
  const changed = new Set<string>();
  /** By mark: 1 if a remembered value has this mark. */
  const [marks, changedMarks] = [new Uint8Array(MARKS), new Uint8Array(MARKS)];
  /** Up to this position no event is named by an erasure. */
  let rewrittenUpTo = Number.POSITIVE_INFINITY;
  for (const { _id, mark, kind, refused, before, later = [], rewritten } of documents) {
    if (kind === 'event') changed.add(hex(_id));
    else erased.set(hex(_id), { before, later: new Set(later.map(hex)), rewritten });
    rewrittenUpTo = Math.min(rewrittenUpTo, rewritten?.upTo ?? rewrittenUpTo);
    if (mark !== undefined) (kind === 'event' ? changedMarks : marks)[mark] = 1;
    // A document without a mark: any text may be the erased id.
    else if (!refused) marks.fill(1);
  }
  const hasContacts = documents.some(({ kind }) => kind === 'contact');

  function find(text: string, hashOf: typeof hashUser): Erased | undefined {
    if (!hasAtMost(text, MAX_SUBJECT_LENGTH) || marks[markOf(key, text)] === 0) return undefined;
    return erased.get(hashOf(key, text).toString('hex'));
  }

  function wasChanged({ digest }: NewEvent): boolean {
    if (changed.size === 0 || changedMarks[markOfDigest(digest)] === 0) return false;
    return changed.has(hashChanged(key, digest).toString('hex'));
  }

  function covers(found: Erased, event: NewEvent, before = found.before): boolean {
    return event.occurredOn < before || isLater(key, found, event);
  }

  /** Returns the event without the erased users and contacts that match. */
  function without<T extends NewEvent>(event: T, isMatch: (found: Erased) => boolean): T {
    const isFound = (found: Erased | undefined) => found !== undefined && isMatch(found);
    return withoutMentions(event, {
      isUser: (id) => isFound(find(id, hashUser)),
      isContact: hasContacts ? (contact) => isFound(find(contact, hashContact)) : undefined,
    });
  }

  return {
    storable(event) {
      const { userId } = event;
      const user = userId === null ? undefined : find(userId, hashUser);
      if (user && covers(user, event)) return undefined;
      if (wasChanged(event)) return undefined;
      const times = new Set<Date>();
      const withoutNames = without(event, (found) => {
        if (!covers(found, event)) return false;
        times.add(found.before);
        return true;
      });
      if (withoutNames === event || userId !== null || changed.size === 0) return withoutNames;
      // The stored event may have been changed between the erasures of two users that it mentions.
      const stages = [...times].map((until) =>
        without(event, (found) => covers(found, event) && found.before <= until),
      );
      return stages.some(wasChanged) ? undefined : withoutNames;
    },
    readable(event) {
      if (event.position <= rewrittenUpTo) return event;
      const { userId, position } = event;
      const isMatch = (found: Erased) =>
        found.rewritten !== undefined &&
        position > found.rewritten.upTo &&
        covers(found, event, found.rewritten.before);
      const user = userId === null ? undefined : find(userId, hashUser);
      return user && isMatch(user) ? undefined : without(event, isMatch);
    },
    forbids(rawBody) {
      if (erased.has(hashRefused(key, rawBody).toString('hex'))) return true;
      const { ids, contacts, occurredOn } = rawUsers(rawBody);
      const isMatch = (found: Erased | undefined) =>
        found !== undefined && !(occurredOn && occurredOn >= found.before);
      for (const id of ids) if (isMatch(find(id, hashUser))) return true;
      if (!hasContacts) return false;
      for (const contact of contacts) if (isMatch(find(contact, hashContact))) return true;
      return false;
    },
  };
}

/** Returns true for an event whose instant is after the erasure that erased it. */
function isLater(key: Buffer, { later }: Erased, event: NewEvent): boolean {
  if (later.size === 0) return false;
  // An older release stored the hash of the digest.
  const hashes = [hashEvent(key, event), hashDigest(key, event.digest)];
  return hashes.some((hash) => later.has(hash.toString('hex')));
}

function hex(binary: { value(): Uint8Array }): string {
  return Buffer.from(binary.value()).toString('hex');
}
