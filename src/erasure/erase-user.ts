import { setTimeout as wait } from 'node:timers/promises';
import type { NewEvent } from '../catalog/event.ts';
import { contactsOf } from '../catalog/personal/contacts-of.ts';
import { LogUnavailableError } from '../errors.ts';
import type { Span } from '../log/read/log-reader.ts';
import { removeAnnounced } from '../log/remove-announced.ts';
import type { Rewritten } from '../log/rewrite-events.ts';
import { beginErasure, RESTORED } from '../log/state/begin-erasure.ts';
import { countPositions, ERASURE_ANNOUNCE_MS } from '../log/state/log-state.ts';
import { createPseudonyms } from '../log/state/pseudonyms.ts';
import { rebuildProjections } from '../projections/rebuild-projections.ts';
import { FORMAT_WITH_ERASURES, raiseFormatVersion } from '../storage/format-version.ts';
import { mapDatabaseError } from '../storage/map-database-error.ts';
import { countErasable } from './count-erasable.ts';
import { eraseInbox, ownInInbox } from './erase-inbox.ts';
import { changesProjections, eraseMentions } from './erase-mentions.ts';
import { eraseOwn } from './erase-own.ts';
import { eraseQuarantined } from './erase-quarantine.ts';
import { eraseUnattributed } from './erase-unattributed.ts';
import { readOwn } from './read-own.ts';
import type { EraseUser, ErasureCounts, ErasureProgress } from './types.ts';

const before = ({ before }: Rewritten) => before;

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
  const { collections, hashContact, logState, reader, rawReader, head, dry = false } = options;
  const { announceMs = ERASURE_ANNOUNCE_MS, onProgress } = options;
  const { signal = new AbortController().signal } = options;
  const counts: ErasureCounts = { events: 0, mentions: 0, quarantined: 0 };
  let start = 0;
  let end = 0;
  const countUpTo = (upTo: number) => countPositions(logState.occupied({ after: start, upTo }));
  const report = (step: ErasureProgress['step'], reached: number) =>
    onProgress?.({ ...counts, step, searched: countUpTo(reached), positions: countUpTo(end) });

  if (dry) return mapDatabaseError(countErasable(userId, options));
  await raiseFormatVersion(collections.meta, FORMAT_WITH_ERASURES);
  const record = await mapDatabaseError(beginErasure(collections, userId));
  const pseudonyms = createPseudonyms(record.secret);
  const pages = { collections, reader: rawReader, userId, pseudonyms, signal };
  const contacts = new Set((await mapDatabaseError(record.kept())).contacts);
  let installations = { own: [] as string[], shared: [] as string[] };
  // Before the announcement: the holder of the lease then drops these entries of the inbox.
  await mapDatabaseError(keepInbox());

  await announce();
  const known = await logState.ensureFresh();
  start = known.removedUpTo;
  let reached = start;
  for (let round = 0; ; round += 1) {
    end = await head();
    const earlier = { ...counts };
    await mapDatabaseError(eraseSpan({ after: reached, upTo: end }, round === 0));
    reached = end;
    await mapDatabaseError(record.keepRewritten(contacts, end));
    const found = counts.events + counts.mentions - earlier.events - earlier.mentions;
    if (round > 0 && found === 0) break;
    await announce();
  }
  // Removed by retention, but still stored: readers skip them, so no step above has erased them.
  await mapDatabaseError(
    removeAnnounced({ collections, signal, pause: (ms) => wait(ms, undefined, { signal }) }),
  );
  signal.throwIfAborted();
  // After the last announcement: no instance applies earlier reads to projections any more.
  await mapDatabaseError(rebuild());
  await mapDatabaseError(record.finish());
  await refuseIfRestored();
  return counts;

  /** A restore takes the work back that was done before it. */
  async function refuseIfRestored(): Promise<void> {
    const { isClosed, gaps } = await logState.refresh();
    // If the log was closed already, the database was replaced before the erasure began.
    if (known.isClosed || (!isClosed && gaps.length === known.gaps.length)) return;
    throw new LogUnavailableError(RESTORED);
  }

  /** Rebuilds projections: the user's documents are removed, the pseudonym's created. */
  async function rebuild(): Promise<void> {
    const { installations, otherUsers, otherInstallations } = await record.kept();
    const renamed = installations.flatMap((one) => [
      pseudonyms.uuid(one),
      pseudonyms.unattributed.uuid(one),
    ]);
    await rebuildProjections(
      {
        userIds: [userId, ...otherUsers],
        installationIds: [...installations, ...otherInstallations],
        reappliedUserIds: [pseudonyms.user],
        reappliedInstallationIds: renamed,
      },
      {
        collections,
        hashContact,
        reader,
        signal,
        head,
        after: (await logState.ensureFresh()).removedUpTo,
      },
    );
  }

  /** The first pass erases everything; in later ones the user may have returned. */
  async function eraseSpan(span: Span, first: boolean): Promise<void> {
    const isIncluded = (event: NewEvent) => first || event.occurredOn < record.before;
    // Before the user's own events are erased, which identify installations and contacts.
    const found = await readOwn(pages, span, isIncluded);
    const known = contacts.size;
    for (const contact of found.contacts) contacts.add(contact);
    const isMoreKnown = contacts.size > known;
    if (isMoreKnown) await record.keepContacts(contacts);
    if (first) {
      const ofUser = new Set([...found.installations, ...(await record.kept()).installations]);
      const onPage = (page: readonly Rewritten[]) => record.keepChanged(page.map(before));
      const { count, ...unattributed } = await eraseUnattributed(pages, span, ofUser, { onPage });
      counts.mentions += count;
      installations = unattributed;
    }
    counts.quarantined += await eraseQuarantined(
      collections.quarantine,
      { userId, installations: installations.own, contacts },
      { onPage: record.keepRefused, signal },
    );
    for await (const { count, reached } of eraseOwn(pages, span, isIncluded, record.keepOwn)) {
      counts.events += count;
      report('events', reached);
    }
    // A newly found contact may be anywhere in the log.
    const searched = isMoreKnown ? { ...span, after: start } : span;
    const mentions = { contacts, isIncluded, onPage: keepMentions };
    for await (const { count, reached } of eraseMentions(pages, searched, mentions)) {
      counts.mentions += count;
      report('searching', reached);
    }
    const waiting = await eraseInbox({
      ...{ ...pages, installations, contacts, isIncluded },
      ...{ onOwn: record.keepOwn, onChange: keepInboxChange },
    });
    counts.events += waiting.own;
    counts.mentions += waiting.mentions;
  }

  async function keepInbox(): Promise<void> {
    const waiting = await ownInInbox(collections, userId);
    await record.keepOwn(waiting);
    for (const event of waiting) for (const contact of contactsOf(event)) contacts.add(contact);
    await record.keepContacts(contacts);
  }

  async function keepMentions(page: readonly Rewritten[]): Promise<void> {
    await record.keepChanged(page.map(before).filter(isLater));
    await record.keepOthers(page.filter(changesProjections).map(before));
  }

  async function keepInboxChange(event: NewEvent): Promise<void> {
    const { own, shared } = installations;
    const isUnattributed =
      event.userId === null && [...own, ...shared].includes(event.installationId ?? '');
    if (isUnattributed || isLater(event)) await record.keepChanged([event]);
  }

  /** Events from `before` on are not cleaned on arrival, so a redelivery must be recognised by hash. */
  function isLater({ occurredOn }: NewEvent): boolean {
    return occurredOn >= record.before;
  }

  async function announce(): Promise<void> {
    report('waiting', 0);
    await mapDatabaseError(
      collections.erasureState.updateOne({ _id: 'erasures' }, { $inc: { epoch: 1 } }),
    );
    await logState.refresh();
    await wait(announceMs, undefined, { signal });
  }
}
