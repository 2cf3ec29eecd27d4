import { setTimeout as wait } from 'node:timers/promises';
import type { NewEvent } from '../catalog/event.ts';
import { contactsOf } from '../catalog/personal/contacts-of.ts';
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
import { changesProjections, eraseMentions } from './erase-mentions.ts';
import { eraseOwn } from './erase-own.ts';
import type { EraseEvents, Rewritten } from './erase-pages.ts';
import { eraseQuarantined } from './erase-quarantine.ts';
import { eraseUnattributed } from './erase-unattributed.ts';
import { readOwn } from './read-own.ts';
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
  const pages: EraseEvents = { collections, reader, bounds, userId, pseudonyms, signal };
  const contacts = new Set((await mapDatabaseError(record.kept())).contacts);
  let installations: readonly string[] = [];
  // Once it is announced, these are dropped on their way into the log.
  await mapDatabaseError(keepInbox());

  await announce();
  const start = (await bounds.ensureFresh()).removedUpTo;
  let reached = start;
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

  /** Stores what the user's events in the inbox tell before they are dropped. */
  async function keepInbox(): Promise<void> {
    const own = await ownInInbox(collections, userId);
    await record.keepOwn(own);
    for (const event of own) for (const contact of contactsOf(event)) contacts.add(contact);
    if (contacts.size > 0) await record.keepContacts(contacts);
  }

  /** Rebuilds projections: the user's documents are removed, the pseudonym's created. */
  async function rebuild(): Promise<void> {
    const { installations, others } = await record.kept();
    const renamed = installations.flatMap((one) => [
      pseudonyms.uuid(one),
      pseudonyms.loose.uuid(one),
    ]);
    await rebuildProjections(
      {
        userIds: [userId, ...others],
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
    // Before the user's own events are erased, which identify installations and contacts.
    const own = await readOwn(pages, span, wanted);
    const known = contacts.size;
    for (const contact of own.contacts) contacts.add(contact);
    const isMoreKnown = contacts.size > known;
    if (isMoreKnown) await record.keepContacts(contacts);
    if (first) {
      // Includes the installations of events that waited in the inbox.
      const all = new Set([...own.installations, ...(await record.kept()).installations]);
      const loose = await eraseUnattributed(pages, span, all, { onPage: keepChanged });
      counts.mentions += loose.count;
      installations = loose.installations;
    }
    counts.quarantined += await eraseQuarantined(
      collections.quarantine,
      { userId, installations, contacts },
      { onPage: record.keepRefused, signal },
    );
    const waiting = await eraseInbox({
      ...pages,
      collections,
      installations,
      contacts,
      wanted,
      onOwn: record.keepOwn,
    });
    counts.events += waiting.own;
    counts.mentions += waiting.mentions;
    for await (const { count, reached } of eraseOwn(pages, span, wanted, record.keepOwn)) {
      counts.events += count;
      tell('events', reached);
    }
    // A newly found contact may be anywhere in the log.
    const searched = isMoreKnown ? { ...span, after: start } : span;
    const mentions = { contacts, wanted, onPage: keepMentions };
    for await (const { count, reached } of eraseMentions(pages, searched, mentions)) {
      counts.mentions += count;
      tell('searching', reached);
    }
  }

  async function keepChanged(page: readonly Rewritten[]): Promise<void> {
    await record.keepChanged(page.map(({ before }) => before));
  }

  async function keepMentions(page: readonly Rewritten[]): Promise<void> {
    // A redelivery of an event with a later instant would not be cleaned.
    await keepChanged(page.filter(({ before }) => before.occurredOn >= record.before));
    await record.keepOthers(page.filter(changesProjections).map(({ before }) => before));
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
