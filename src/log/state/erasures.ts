import { withoutMentions } from '../../catalog/erased/without-mentions.ts';
import type { NewEvent } from '../../catalog/event.ts';
import { MAX_SUBJECT_LENGTH } from '../../catalog/field.ts';
import type { ErasureDocument, ErasureStateDocument } from '../../storage/documents.ts';
import type { Collections } from '../../storage/models.ts';
import { hashDigest, hashEvent, hashRefused, hashUser, MARKS, markOf } from './hash-erased.ts';
import { rawUsers } from './raw-users.ts';
import { createStaleCache, type StaleCache } from './stale-cache.ts';

/** How old what is known here may be, in milliseconds, before it is read again. */
const RENEW_MS = 1_500;
/** How old it may be when it is acted upon, in milliseconds: a read of it may take its time as well. */
const TRUST_MS = 3_000;
/**
 * How long an erasure waits between its steps, in milliseconds: longer than anybody trusts what they
 * know, and as long again for what they do then, so that nothing is stored or handed out by somebody
 * who does not know yet.
 */
export const ERASURE_ANNOUNCE_MS = 2 * TRUST_MS;

/** What this process knows of the users who were erased. */
export interface KnownErasures extends StaleCache {
  /**
   * Changes when an erasure begins, and when it has changed what is stored: a copy of an event that
   * was read under another epoch is not to be given out.
   */
  epoch(): number;
  /** Calls back at each new epoch, before anybody else runs; returns how to stop that. */
  onEpoch(listener: () => void): () => void;
  /**
   * The event as it may be stored: as it is, without those whom it names in passing, or undefined
   * when its user was erased after it occurred. Later events of the same user are taken as new.
   */
  storable(event: NewEvent): NewEvent | undefined;
  /**
   * True when a body, which could not be accepted, may name a user who was erased after it, or was
   * itself removed by an erasure.
   */
  forbids(rawBody: Buffer): boolean;
}

/** What is kept of an erasure once it is over. */
interface Erased {
  before: Date;
  later: ReadonlySet<string>;
}

/** All that is kept, as this process has read it. */
interface Known {
  key: Buffer;
  /** By the hash of a user, or of a refused delivery. */
  erased: ReadonlyMap<string, Erased>;
  /** By mark: 1 where it is that of some erased user. */
  marks: Uint8Array;
}

/** Reads what is known of erasures from a log's database. @throws LogUnavailableError */
export async function createErasures({
  erasures,
  erasureState,
}: Pick<Collections, 'erasures' | 'erasureState'>): Promise<KnownErasures> {
  const listeners = new Set<() => void>();
  const majority = { readConcern: { level: 'majority' } } as const;
  /** Undefined while nobody was ever erased. */
  let known: Known | undefined;
  let epoch = 0;
  const freshness = createStaleCache({
    async read() {
      const state = await erasureState.findOne({ _id: 'erasures' }, majority);
      if (state === null || state.epoch === epoch) return undefined;
      // They stand in the database before the epoch does that tells of them.
      return { state, documents: await erasures.find({}, majority).toArray() };
    },
    take(read) {
      if (read === undefined) return;
      known = toKnown(read.state, read.documents);
      epoch = read.state.epoch;
      for (const listener of listeners) listener();
    },
    renewMs: RENEW_MS,
    trustMs: TRUST_MS,
  });

  function find({ key, marks, erased }: Known, userId: string): Erased | undefined {
    if (userId.length > MAX_SUBJECT_LENGTH || marks[markOf(key, userId)] === 0) return undefined;
    return erased.get(hashUser(key, userId).toString('hex'));
  }

  await freshness.refresh();
  return {
    ...freshness,
    epoch: () => epoch,
    onEpoch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    storable(event) {
      if (known === undefined) return event;
      const { key } = known;
      const all = known;
      const { userId, occurredOn } = event;
      const isErased = (id: string) => {
        const erased = find(all, id);
        if (erased === undefined) return false;
        return occurredOn < erased.before || isLater(key, erased, event);
      };
      if (userId !== null && isErased(userId)) return undefined;
      return withoutMentions(event, isErased);
    },
    forbids(rawBody) {
      if (known === undefined) return false;
      if (known.erased.has(hashRefused(known.key, rawBody).toString('hex'))) return true;
      const { ids, occurredOn } = rawUsers(rawBody);
      for (const id of ids) {
        const erased = find(known, id);
        if (erased && !(occurredOn && occurredOn >= erased.before)) return true;
      }
      return false;
    },
  };
}

/** True for one that says it occurs after the erasure it was erased by. */
function isLater(key: Buffer, { later }: Erased, event: NewEvent): boolean {
  if (later.size === 0) return false;
  // An older version has kept the digest itself.
  const hashes = [hashEvent(key, event), hashDigest(key, event.digest)];
  return hashes.some((hash) => later.has(hash.toString('hex')));
}

function toKnown(state: ErasureStateDocument, documents: readonly ErasureDocument[]): Known {
  const marks = new Uint8Array(MARKS);
  for (const { mark, refused } of documents) {
    if (mark !== undefined) marks[mark] = 1;
    // One of before there were marks: then every text may be an erased id.
    else if (!refused) marks.fill(1);
  }
  const toErased = ({ before, later = [] }: ErasureDocument) => ({
    before,
    later: new Set(later.map(hex)),
  });
  return {
    key: Buffer.from(state.key.value()),
    erased: new Map(documents.map((one) => [hex(one._id), toErased(one)])),
    marks,
  };
}

function hex(binary: { value(): Uint8Array }): string {
  return Buffer.from(binary.value()).toString('hex');
}
