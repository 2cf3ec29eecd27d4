import { setTimeout as wait } from 'node:timers/promises';
import type { NewEvent } from '../catalog/event.ts';
import type { Span } from '../log/read/log-reader.ts';
import { removeAnnounced } from '../log/remove-announced.ts';
import { beginErasure } from '../log/state/begin-erasure.ts';
import { ERASURE_ANNOUNCE_MS } from '../log/state/erasures.ts';
import { createPseudonyms } from '../log/state/pseudonyms.ts';
import { rebuildProjections } from '../projections/rebuild-projections.ts';
import { FORMAT_WITH_ERASURES, raiseFormatVersion } from '../storage/format-version.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import { countErasable } from './count-erasable.ts';
import { eraseInbox, ownInInbox } from './erase-inbox.ts';
import { eraseMentions } from './erase-mentions.ts';
import { eraseOwn } from './erase-own.ts';
import { eraseQuarantined } from './erase-quarantine.ts';
import { eraseUnattributed } from './erase-unattributed.ts';
import type { EraseUser, ErasureCounts, ErasureProgress } from './types.ts';

/**
 * Erases a user: their events become those of a pseudonym at the same positions, and other mentions
 * are removed. Resolves when this is durable and every instance has discarded its copies.
 *
 * The steps: announce the erasure, so that no instance stores the user's data any more; rewrite the
 * log and the quarantine; announce again, so that copies are discarded; then search what arrived in
 * the meantime, until nothing is found.
 *
 * @throws LogUnavailableError when the database is unavailable; a repeated call resumes
 */
export async function eraseUser(userId: string, options: EraseUser): Promise<ErasureCounts> {
  const { collections, bounds, erasures, reader, head, dry = false, onProgress } = options;
  const { announceMs = ERASURE_ANNOUNCE_MS, signal = new AbortController().signal } = options;
  const counts: ErasureCounts = { events: 0, mentions: 0, quarantined: 0 };
  let end = 0;
  const tell = (step: ErasureProgress['step'], reached: number) =>
    onProgress?.({ ...counts, step, reached, head: end });

  if (dry) return mapDatabaseError(countErasable(userId, options));
  await raiseFormatVersion(collections.meta, FORMAT_WITH_ERASURES);
  const record = await mapDatabaseError(beginErasure(collections, userId));
  const pseudonyms = createPseudonyms(record.secret);
  const pages = { collections, reader, bounds, userId, pseudonyms, signal };
  let installations: readonly string[] = [];
  // Once it is announced, these are dropped on their way into the log.
  await mapDatabaseError(ownInInbox(collections, userId).then(record.keepOwn));

  await announce();
  let reached = (await bounds.ensureFresh()).removedUpTo;
  for (let round = 0; ; round += 1) {
    end = await head();
    const known = { ...counts };
    await mapDatabaseError(eraseSpan({ after: reached, upTo: end }, round === 0));
    reached = end;
    const found = counts.events + counts.mentions - known.events - known.mentions;
    if (round > 0 && found === 0) break;
    await announce();
  }
  // No reader sees these any more, so no step above has changed them; they are still stored.
  await mapDatabaseError(
    removeAnnounced({ collections, signal, pause: (ms) => wait(ms, undefined, { signal }) }),
  );
  signal.throwIfAborted();
  // After the last announcement: no instance applies earlier reads to projections any more.
  await mapDatabaseError(rebuild());
  await mapDatabaseError(record.finish());
  return counts;

  /** Rebuilds projections: the user's documents are removed, the pseudonym's created. */
  async function rebuild(): Promise<void> {
    const installations = await record.installations();
    const renamed = installations.flatMap((one) => [
      pseudonyms.uuid(one),
      pseudonyms.loose.uuid(one),
    ]);
    await rebuildProjections(
      {
        userIds: [userId],
        installationIds: installations,
        alsoUserIds: [pseudonyms.user],
        alsoInstallationIds: renamed,
      },
      { collections, reader, signal, head, after: (await bounds.ensureFresh()).removedUpTo },
    );
  }

  /** The first pass erases everything; in later ones the user may have returned. */
  async function eraseSpan(span: Span, first: boolean): Promise<void> {
    const wanted = (event: NewEvent) => first || event.occurredOn < record.before;
    // Before the user's own events, which identify the installations.
    if (first) {
      const loose = await eraseUnattributed(pages, span, { also: await record.installations() });
      counts.mentions += loose.count;
      installations = loose.installations;
    }
    counts.quarantined += await eraseQuarantined(
      collections.quarantine,
      { userId, installations },
      { onPage: record.keepRefused, signal },
    );
    const waiting = await eraseInbox({ ...pages, installations, wanted, onOwn: record.keepOwn });
    counts.events += waiting.own;
    counts.mentions += waiting.mentions;
    for await (const { count, reached } of eraseOwn(pages, span, wanted, record.keepOwn)) {
      counts.events += count;
      tell('events', reached);
    }
    for await (const { count, reached } of eraseMentions(pages, span, { wanted })) {
      counts.mentions += count;
      tell('searching', reached);
    }
  }

  async function announce(): Promise<void> {
    tell('waiting', 0);
    await mapDatabaseError(
      collections.erasureState.updateOne({ _id: 'erasures' }, { $inc: { epoch: 1 } }),
    );
    await erasures.refresh();
    await wait(announceMs, undefined, { signal });
  }
}
