import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { StoredEvent } from '../catalog/event.ts';
import { LogUnavailableError } from '../errors.ts';
import type { KnownBounds } from './bounds.ts';
import { type EraseEvents, eraseLoose, eraseMentions, eraseOwn } from './erase-events.ts';
import { eraseQuarantined } from './erase-quarantine.ts';
import { ERASURE_ANNOUNCE_MS, hashDigest, hashUser, type KnownErasures } from './erasures.ts';
import type { Collections } from './models.ts';
import { orUnavailable } from './or-unavailable.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { FORMAT_WITH_ERASURES, raiseFormat } from './raise-format.ts';
import type { LogReader, Span } from './read.ts';
import { rebuildDerived } from './rebuild-derived.ts';

const { Binary } = mongoose.mongo;
const KEY_BYTES = 32;

/** What an erasure has come to so far; of one that goes on after a loss, since then. */
export interface ErasureCounts {
  /** The user's own events. */
  events: number;
  /** Others that named the user, or were about an installation that was theirs alone. */
  mentions: number;
  /** Deliveries removed from quarantine. */
  quarantined: number;
}

export interface ErasureProgress extends ErasureCounts {
  step: 'waiting' | 'events' | 'searching';
  /** Of all positions up to `head` so many have been looked through in this step. */
  reached: number;
  head: number;
}

export interface EraseOptions {
  /** Only counts, and changes nothing. */
  dry?: boolean;
  onProgress?: (progress: ErasureProgress) => void;
  /** Ends it between two pages, with an AbortError; done again, it goes on. */
  signal?: AbortSignal;
}

export interface EraseUser extends EraseOptions {
  collections: Collections;
  bounds: KnownBounds;
  erasures: KnownErasures;
  reader: LogReader;
  /** The last position that is durable. @throws LogUnavailableError */
  head: () => Promise<number>;
  /** How long the others get to know, in milliseconds. */
  announceMs?: number | undefined;
}

/**
 * Erases a user: their events become those of a pseudonym, at the same positions; what else names
 * them does so no more. Resolves when that is durable, and every process has let go of what it held.
 *
 * It is announced first, so that no process stores what names the user any more; then the log and
 * the quarantine are gone through; that is announced as well, so that copies are dropped; then what
 * has come meanwhile is looked through, until nothing was found.
 *
 * @throws LogUnavailableError when the database is away; begun again, it goes on
 */
export async function eraseUser(userId: string, options: EraseUser): Promise<ErasureCounts> {
  const { collections, bounds, erasures, reader, head, dry = false, onProgress } = options;
  const { announceMs = ERASURE_ANNOUNCE_MS, signal = new AbortController().signal } = options;
  const counts: ErasureCounts = { events: 0, mentions: 0, quarantined: 0 };
  let end = 0;
  const tell = (step: ErasureProgress['step'], reached: number) =>
    onProgress?.({ ...counts, step, reached, head: end });

  if (dry) return orUnavailable(countAll());
  await raiseFormat(collections.meta, FORMAT_WITH_ERASURES);
  const key = await orUnavailable(ensureKey(collections));
  const id = new Binary(hashUser(key, userId));
  const { before, secret } = await orUnavailable(begin(collections, id));
  const pseudonyms = createPseudonyms(secret);
  const pages: EraseEvents = { collections, reader, bounds, userId, pseudonyms, signal };

  await announce();
  let reached = (await bounds.fresh()).removedUpTo;
  for (let round = 0; ; round += 1) {
    end = await head();
    const known = { ...counts };
    await orUnavailable(eraseSpan({ after: reached, upTo: end }, round === 0));
    reached = end;
    const found = counts.events + counts.mentions - known.events - known.mentions;
    if (round > 0 && found === 0) break;
    await announce();
  }
  // Behind the last word of it: nobody folds any more what was read before.
  await orUnavailable(rebuild());
  // Only from here on nothing leads from the user to what was made of their events.
  await orUnavailable(
    collections.erasures.updateOne(
      { _id: id, secret: { $exists: true } },
      { $unset: { secret: 1, installations: 1 } },
    ),
  );
  return counts;

  /** Of the derived documents too: those of the user go, those of the pseudonym come. */
  async function rebuild(): Promise<void> {
    const { installations = [] } = (await collections.erasures.findOne({ _id: id })) ?? {};
    const renamed = installations.flatMap((one) => [
      pseudonyms.uuid(one),
      pseudonyms.loose.uuid(one),
    ]);
    await rebuildDerived(
      {
        userIds: [userId],
        installationIds: installations,
        alsoUserIds: [pseudonyms.user],
        alsoInstallationIds: renamed,
      },
      { collections, reader, signal, head, after: (await bounds.fresh()).removedUpTo },
    );
  }

  /** The first time everything goes; later the user may have come back. */
  async function eraseSpan(span: Span, first: boolean): Promise<void> {
    const wanted = (event: StoredEvent) => first || event.occurredOn < before;
    // Before the user's own events, which say what installations these are.
    const loose = first ? await eraseLoose(pages, span) : { count: 0, installations: [] };
    counts.mentions += loose.count;
    const names = [userId, ...loose.installations];
    counts.quarantined += await eraseQuarantined(collections.quarantine, names, { dry, signal });
    for await (const { count, reached } of eraseOwn(pages, span, wanted, keep)) {
      counts.events += count;
      tell('events', reached);
    }
    for await (const { count, reached } of eraseMentions(pages, span, false)) {
      counts.mentions += count;
      tell('searching', reached);
    }
  }

  /** What cannot be told any more once these events are erased. */
  async function keep(events: readonly StoredEvent[]): Promise<void> {
    await keepLater(events);
    const installations = new Set(events.flatMap(({ installationId }) => installationId ?? []));
    if (installations.size === 0) return;
    await collections.erasures.updateOne(
      { _id: id },
      { $addToSet: { installations: { $each: [...installations] } } },
    );
  }

  /** An event that says it occurs after its erasure would be taken for a new one when it is sent again. */
  async function keepLater(events: readonly StoredEvent[]): Promise<void> {
    const later = events
      .filter(({ occurredOn }) => occurredOn >= before)
      .map(({ digest }) => new Binary(hashDigest(key, digest)));
    if (later.length === 0) return;
    await collections.erasures.updateOne({ _id: id }, { $addToSet: { later: { $each: later } } });
  }

  async function announce(): Promise<void> {
    tell('waiting', 0);
    await orUnavailable(
      collections.erasureState.updateOne({ _id: 'erasures' }, { $inc: { epoch: 1 } }),
    );
    await erasures.refresh();
    await wait(announceMs, undefined, { signal });
  }

  async function countAll(): Promise<ErasureCounts> {
    end = await head();
    const span = { after: (await bounds.fresh()).removedUpTo, upTo: end };
    const pages = {
      collections,
      reader,
      bounds,
      userId,
      signal,
      pseudonyms: createPseudonyms(randomBytes(1)),
    };
    counts.events = await collections.events.countDocuments({ userId: { $eq: userId } });
    for await (const { count, reached } of eraseMentions(pages, span, true)) {
      counts.mentions += count;
      tell('searching', reached);
    }
    counts.quarantined = await eraseQuarantined(collections.quarantine, [userId], { dry, signal });
    return counts;
  }
}

async function ensureKey({ erasureState }: Collections): Promise<Buffer> {
  const find = () => erasureState.findOne({ _id: 'erasures' });
  const found = await find();
  if (found !== null) return Buffer.from(found.key.value());
  // Of several that begin the first one at once one writes it, and all read what is there.
  await erasureState
    .insertOne({ _id: 'erasures', key: new Binary(randomBytes(KEY_BYTES)), epoch: 0 })
    .catch((error) => {
      if ((error as { code?: unknown }).code !== 11_000) throw error;
    });
  const state = await find();
  if (state === null) throw new LogUnavailableError('The erasure could not be begun. Try again.');
  return Buffer.from(state.key.value());
}

/** Begins an erasure, or goes on with one that was not finished: then with its pseudonyms. */
async function begin({ erasures }: Collections, id: mongoose.mongo.Binary) {
  const mark = () =>
    erasures.updateOne({ _id: id }, { $max: { before: new Date() } }, { upsert: true });
  // Once more when somebody else has finished the same one between these steps.
  for (;;) {
    await mark().catch(onDuplicate(mark));
    await erasures.updateOne(
      { _id: id, secret: { $exists: false } },
      { $set: { secret: new Binary(randomBytes(KEY_BYTES)) } },
    );
    const begun = await erasures.findOne({ _id: id });
    if (begun?.secret) return { before: begun.before, secret: Buffer.from(begun.secret.value()) };
  }
}

/** Two first upserts at once may both try to insert; the loser then finds the document. */
function onDuplicate<T>(again: () => Promise<T>) {
  return (error: unknown) => {
    if ((error as { code?: unknown }).code !== 11_000) throw error;
    return again();
  };
}
