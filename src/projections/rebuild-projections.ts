import type { ContactHash } from '../log/read/contact-hash.ts';
import type { Filter } from '../log/read/filter.ts';
import type { LogReader, Span } from '../log/read/log-reader.ts';
import type { Collections } from '../storage/models.ts';
import { applyChanges } from './apply-changes.ts';

/** Maximum number of events per transaction. */
const MAX_EVENTS_PER_TRANSACTION = 500;
/** Maximum number of installations per read. */
const MAX_INSTALLATIONS_PER_READ = 100;

export interface RebuildOptions {
  collections: Collections;
  hashContact: ContactHash;
  reader: LogReader;
  signal?: AbortSignal | undefined;
}

/** The subjects whose projections are rebuilt from the current log. */
export interface RebuiltSubjects {
  /** Users whose documents are removed. */
  userIds: readonly string[];
  installationIds: readonly string[];
  /**
   * Users whose events are applied again without removing their documents first, such as the
   * pseudonym of an erased user.
   */
  reappliedUserIds?: readonly string[];
  reappliedInstallationIds?: readonly string[];
}

/**
 * Removes the projections of some users and installations and rebuilds them from the whole log.
 * Safe beside concurrent batches: the head is read after the removal, so each event is either read
 * here or applied by a later batch, and applying twice has no effect.
 *
 * @param options.after the position after which events are read; the log has none up to it
 * @param options.head returns the head of the log; called after the documents were removed
 */
export async function rebuildProjections(
  {
    userIds,
    installationIds,
    reappliedUserIds = [],
    reappliedInstallationIds = [],
  }: RebuiltSubjects,
  options: RebuildOptions & { after: number; head: () => Promise<number> },
): Promise<void> {
  const { collections, after, head } = options;
  const { users, installations, userInstallations, messages, userContacts, transaction } =
    collections;
  const ofUsers = { userId: { $in: [...userIds] } };
  await transaction(async (session) => {
    await users.deleteMany({ _id: { $in: [...userIds] } }, { session });
    await messages.deleteMany(ofUsers, { session });
    await userInstallations.deleteMany(ofUsers, { session });
    await userContacts.deleteMany(ofUsers, { session });
  });
  for (const chunk of chunksOf(installationIds)) {
    await installations.deleteMany({ _id: { $in: chunk } });
  }
  const span = { after, upTo: await head() };
  await applyAll({ userIds: [...userIds, ...reappliedUserIds] }, span, options);
  for (const chunk of chunksOf([...installationIds, ...reappliedInstallationIds])) {
    await applyAll({ installationIds: chunk }, span, options);
  }
}

/** Applies all events that match a filter, page by page. */
async function applyAll(
  filter: Filter,
  { after, upTo }: Span,
  { collections, hashContact, reader, signal }: RebuildOptions,
): Promise<void> {
  for (let reached = after; reached < upTo; ) {
    signal?.throwIfAborted();
    const page = await reader.read(
      { after: reached, upTo },
      { filter, limit: MAX_EVENTS_PER_TRANSACTION, signal, isPublished: true },
    );
    if (page.events.length > 0) {
      const target = { collections, hashContact };
      await collections.transaction((session) => applyChanges(target, page.events, session));
    }
    reached = Math.max(page.reached, page.from);
  }
}

function chunksOf(values: readonly string[]): string[][] {
  const size = MAX_INSTALLATIONS_PER_READ;
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, n) => values.slice(n * size, (n + 1) * size));
}
