import { createHmac } from 'node:crypto';
import type { NewEvent } from '../catalog/event.ts';
import { usersNamed } from '../catalog/users-named.ts';
import { withoutMentions } from '../catalog/without-mentions.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Collections } from './models.ts';
import { orUnavailable } from './or-unavailable.ts';
import { rawUsers } from './raw-users.ts';

/** How old what is known here may be, in milliseconds, before it is read again. */
const RENEW_MS = 1_500;
/** How old it may be when it is acted upon, in milliseconds: a read of it may take its time as well. */
const TRUST_MS = 3_000;
/** How often it is read, one time after the other, until an answer comes in time. */
const MAX_READS = 3;
/**
 * How long an erasure waits between its steps, in milliseconds: longer than anybody trusts what they
 * know, and as long again for what they do then, so that nothing is stored or handed out by somebody
 * who does not know yet.
 */
export const ERASURE_ANNOUNCE_MS = 2 * TRUST_MS;

/** What this process knows of the users who were erased. */
export interface KnownErasures {
  /**
   * Changes when an erasure begins, and when it has changed what is stored: a copy of an event that
   * was read under another epoch is not to be given out.
   */
  epoch(): number;
  /** True when what is known is of the last seconds, so that it may be acted upon. */
  isFresh(): boolean;
  /** Makes it so. @throws LogUnavailableError when it cannot be read, or not in time */
  fresh(): Promise<void>;
  /** Reads it now. @throws LogUnavailableError when it cannot be read */
  refresh(): Promise<void>;
  /** Calls back at each new epoch, before anybody else runs; returns how to stop that. */
  onEpoch(listener: () => void): () => void;
  /**
   * The event as it may be stored: as it is, without those whom it names in passing, or undefined
   * when its user was erased after it occurred. Later events of the same user are taken as new.
   */
  storable(event: NewEvent): NewEvent | undefined;
  /** True when a body, which could not be accepted, names a user who was erased after it. */
  forbids(rawBody: Buffer): boolean;
}

/** What is kept of an erasure once it is over. */
interface Erased {
  before: Date;
  later: ReadonlySet<string>;
}

/** The name under which an id is kept: not the id, but whoever has the key can try ids. */
export function hashUser(key: Buffer, userId: string): Buffer {
  return createHmac('sha256', key).update('user\0').update(userId).digest();
}

/** The same for the digest of an event. */
export function hashDigest(key: Buffer, digest: Buffer): Buffer {
  return createHmac('sha256', key).update('digest\0').update(digest).digest();
}

/** Reads what is known of erasures from a log's database. @throws LogUnavailableError */
export async function createErasures({
  erasures,
  erasureState,
}: Pick<Collections, 'erasures' | 'erasureState'>): Promise<KnownErasures> {
  const listeners = new Set<() => void>();
  const majority = { readConcern: { level: 'majority' } } as const;
  let users: ReadonlyMap<string, Erased> = new Map();
  let key: Buffer = Buffer.alloc(0);
  let epoch = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const startedMs = performance.now();
    const state = await orUnavailable(erasureState.findOne({ _id: 'erasures' }, majority));
    const changed = state !== null && state.epoch !== epoch;
    // The users stand in the database before the epoch does that tells of them.
    const read = changed ? await orUnavailable(erasures.find({}, majority).toArray()) : undefined;
    // Of two reads under way the later one counts.
    if (startedMs < readAtMs) return;
    readAtMs = startedMs;
    if (!changed || !read) return;
    key = Buffer.from(state.key.value());
    users = new Map(read.map((one) => [hex(one._id), toErased(one.before, one.later)]));
    epoch = state.epoch;
    for (const listener of listeners) listener();
  }

  const isYounger = (ageMs: number) => performance.now() - readAtMs <= ageMs;
  const find = (userId: string) => users.get(hashUser(key, userId).toString('hex'));

  await refresh();
  return {
    epoch: () => epoch,
    isFresh: () => isYounger(TRUST_MS),
    async fresh() {
      if (isYounger(RENEW_MS)) return;
      for (let tries = 0; tries < MAX_READS; tries += 1) {
        reading ??= refresh().finally(() => {
          reading = undefined;
        });
        await reading;
        // It tells how things were when it began, which others may have asked for long ago.
        if (isYounger(TRUST_MS)) return;
      }
      throw new LogUnavailableError('The database answers too slowly. Try again shortly.');
    },
    refresh,
    onEpoch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    storable(event) {
      if (users.size === 0) return event;
      const { userId, occurredOn, digest, payload, extra } = event;
      const wasErased = (id: string) => {
        const erased = find(id);
        if (erased === undefined) return false;
        if (occurredOn < erased.before) return true;
        return erased.later.size > 0 && erased.later.has(hashDigest(key, digest).toString('hex'));
      };
      if (userId !== null && wasErased(userId)) return undefined;
      const named = new Set([...usersNamed(payload, extra)].filter(wasErased));
      return named.size === 0 ? event : withoutMentions(event, (id) => named.has(id));
    },
    forbids(rawBody) {
      if (users.size === 0) return false;
      const { ids, occurredOn } = rawUsers(rawBody);
      return [...ids].some((id) => {
        const erased = find(id);
        return erased !== undefined && !(occurredOn && occurredOn >= erased.before);
      });
    },
  };
}

function toErased(before: Date, later: readonly { value(): Uint8Array }[] = []): Erased {
  return { before, later: new Set(later.map(hex)) };
}

function hex(binary: { value(): Uint8Array }): string {
  return Buffer.from(binary.value()).toString('hex');
}
