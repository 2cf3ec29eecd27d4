import { withoutMentions } from '../../catalog/erased/without-mentions.ts';
import type { NewEvent } from '../../catalog/event.ts';
import { MAX_SUBJECT_LENGTH } from '../../catalog/field.ts';
import type { ErasureDocument, ErasureStateDocument } from '../../storage/documents.ts';
import type { Collections } from '../../storage/models.ts';
import { hashDigest, hashEvent, hashRefused, hashUser, MARKS, markOf } from './hash-erased.ts';
import { rawUsers } from './raw-users.ts';
import { createStaleCache, type StaleCache } from './stale-cache.ts';

/** Age in milliseconds from which on the state is read again. */
const RENEW_MS = 1_500;
/** Maximum age in milliseconds of a state that is used; longer, since a read takes time. */
const TRUST_MS = 3_000;
/**
 * How long an erasure waits between its steps, in milliseconds: longer than any instance trusts its
 * cached state, plus as long for the work that it starts then, so that no instance stores or
 * delivers anything unaware of the erasure.
 */
export const ERASURE_ANNOUNCE_MS = 2 * TRUST_MS;

/** The erased users as this process knows them. */
export interface KnownErasures extends StaleCache {
  /**
   * Changes when an erasure begins, and when it has changed stored events: an event that was read
   * under another epoch must not be delivered.
   */
  epoch(): number;
  /** Calls back synchronously at each new epoch; returns a function that unsubscribes. */
  onEpoch(listener: () => void): () => void;
  /**
   * Returns the event as it may be stored: unchanged, without mentions of erased users, or
   * undefined when its user was erased after it occurred. Later events of the same user are new.
   */
  storable(event: NewEvent): NewEvent | undefined;
  /**
   * Returns true when a malformed body may name a user who was erased after it, or was itself
   * removed by an erasure.
   */
  forbids(rawBody: Buffer): boolean;
}

/** What remains of a finished erasure. */
interface Erased {
  before: Date;
  later: ReadonlySet<string>;
}

/** The state as last read. */
interface Known {
  key: Buffer;
  /** By the hash of a user or of a refused delivery. */
  erased: ReadonlyMap<string, Erased>;
  /** By mark: 1 if an erased user has this mark. */
  marks: Uint8Array;
}

/** Reads the erasures of a log. @throws LogUnavailableError */
export async function createErasures({
  erasures,
  erasureState,
}: Pick<Collections, 'erasures' | 'erasureState'>): Promise<KnownErasures> {
  const listeners = new Set<() => void>();
  const majority = { readConcern: { level: 'majority' } } as const;
  /** Undefined until the first erasure. */
  let known: Known | undefined;
  let epoch = 0;
  const freshness = createStaleCache({
    async read() {
      const state = await erasureState.findOne({ _id: 'erasures' }, majority);
      if (state === null || state.epoch === epoch) return undefined;
      // They are stored before the epoch that announces them.
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

/** Returns true for an event whose instant is after the erasure that erased it. */
function isLater(key: Buffer, { later }: Erased, event: NewEvent): boolean {
  if (later.size === 0) return false;
  // An older release stored the hash of the digest.
  const hashes = [hashEvent(key, event), hashDigest(key, event.digest)];
  return hashes.some((hash) => later.has(hash.toString('hex')));
}

function toKnown(state: ErasureStateDocument, documents: readonly ErasureDocument[]): Known {
  const marks = new Uint8Array(MARKS);
  for (const { mark, refused } of documents) {
    if (mark !== undefined) marks[mark] = 1;
    // A document without a mark: any text may be the erased id.
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
