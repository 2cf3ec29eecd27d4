import { hasAtMost } from '../../catalog/characters.ts';
import { withoutMentions } from '../../catalog/erased/without-mentions.ts';
import type { NewEvent } from '../../catalog/event.ts';
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
  forbids(rawBody: Buffer): boolean;
}

/** What remains of an erased user or contact. */
interface Erased {
  before: Date;
  later: ReadonlySet<string>;
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
  for (const { _id, mark, kind, refused, before, later = [] } of documents) {
    if (kind === 'event') changed.add(hex(_id));
    else erased.set(hex(_id), { before, later: new Set(later.map(hex)) });
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

  /**
   * Returns the event without users who were erased after it occurred.
   *
   * @param until ignores users who were erased later, in milliseconds since 1970
   * @param onErased called with the instant of each erasure of a mentioned user
   */
  function withoutErased(event: NewEvent, until?: number, onErased?: (ms: number) => void) {
    const isMatch = (found: Erased | undefined) => {
      if (found === undefined) return false;
      if (event.occurredOn >= found.before && !isLater(key, found, event)) return false;
      onErased?.(found.before.getTime());
      return until === undefined || found.before.getTime() <= until;
    };
    return withoutMentions(event, {
      isUser: (id) => isMatch(find(id, hashUser)),
      isContact: hasContacts ? (contact) => isMatch(find(contact, hashContact)) : undefined,
    });
  }

  return {
    storable(event) {
      const { userId, occurredOn } = event;
      const user = userId === null ? undefined : find(userId, hashUser);
      if (user && (occurredOn < user.before || isLater(key, user, event))) return undefined;
      if (wasChanged(event)) return undefined;
      const times = new Set<number>();
      const withoutNames = withoutErased(event, undefined, (ms) => times.add(ms));
      if (withoutNames === event || userId !== null || changed.size === 0) return withoutNames;
      // The stored event may have been changed between the erasures of two users that it mentions.
      const stages = [...times].map((until) => withoutErased(event, until));
      return stages.some(wasChanged) ? undefined : withoutNames;
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
