import type { Filter } from '../log/read/filter.ts';
import type { LogReader, Span } from '../log/read/log-reader.ts';
import type { Collections } from '../storage/models.ts';
import { applyChanges } from './apply-changes.ts';

/** Maximum number of events per transaction and of installations per read. */
const PAGE = 500;
const CHUNK = 100;

export interface RebuildProjections {
  collections: Collections;
  reader: LogReader;
  signal?: AbortSignal | undefined;
}

/** The subjects whose projections are rebuilt from the current log. */
export interface Rebuilt {
  /** Users whose documents are removed. */
  userIds: readonly string[];
  installationIds: readonly string[];
  /** Further users, of whom the log may hold events that no document covers. */
  alsoUserIds?: readonly string[];
  alsoInstallationIds?: readonly string[];
}

/**
 * Removes the projections of some users and installations and rebuilds them from the whole log.
 * Batches applied concurrently remain correct: their events are either read here or applied later.
 *
 * @param head returns the head of the log; called after the documents were removed
 */
export async function rebuildProjections(
  { userIds, installationIds, alsoUserIds = [], alsoInstallationIds = [] }: Rebuilt,
  options: RebuildProjections & { after: number; head: () => Promise<number> },
): Promise<void> {
  const { collections, after, head } = options;
  const { users, installations, userInstallations, messages, transaction } = collections;
  const ofUsers = { userId: { $in: [...userIds] } };
  await transaction(async (session) => {
    await users.deleteMany({ _id: { $in: [...userIds] } }, { session });
    await messages.deleteMany(ofUsers, { session });
    await userInstallations.deleteMany(ofUsers, { session });
  });
  for (const chunk of chunksOf(installationIds)) {
    await installations.deleteMany({ _id: { $in: chunk } });
  }
  const span = { after, upTo: await head() };
  await applyAll({ userIds: [...userIds, ...alsoUserIds] }, span, options);
  for (const chunk of chunksOf([...installationIds, ...alsoInstallationIds])) {
    await applyAll({ installationIds: chunk }, span, options);
  }
}

/** Applies all events that match a filter, page by page. */
async function applyAll(
  filter: Filter,
  { after, upTo }: Span,
  { collections, reader, signal }: RebuildProjections,
): Promise<void> {
  for (let reached = after; reached < upTo; ) {
    signal?.throwIfAborted();
    const page = await reader.read({ after: reached, upTo }, { filter, limit: PAGE, signal });
    if (page.events.length > 0) {
      await collections.transaction((session) => applyChanges(collections, page.events, session));
    }
    reached = Math.max(page.reached, page.from);
  }
}

function chunksOf(values: readonly string[]): string[][] {
  const count = Math.ceil(values.length / CHUNK);
  return Array.from({ length: count }, (_, n) => values.slice(n * CHUNK, (n + 1) * CHUNK));
}
