import type { Filter } from '../log/read/filter.ts';
import type { LogReader, Span } from '../log/read/log-reader.ts';
import type { Collections } from '../storage/models.ts';
import { applyChanges } from './apply-changes.ts';

/** How many events go in one transaction, and how many installations one read asks for. */
const PAGE = 500;
const CHUNK = 100;

export interface RebuildProjections {
  collections: Collections;
  reader: LogReader;
  signal?: AbortSignal | undefined;
}

/** Whose derived documents are to say no more than the log does now. */
export interface Rebuilt {
  /** Their documents go. */
  userIds: readonly string[];
  installationIds: readonly string[];
  /** Others, of which there may be events that no document knows. */
  alsoUserIds?: readonly string[];
  alsoInstallationIds?: readonly string[];
}

/**
 * Removes the derived documents of some users and installations, and makes them again from the events
 * of a span, the whole of the log. What is folded meanwhile from new events stays: either it is in the
 * log before it is read here, or it is folded after.
 *
 * @param head the last position of the log, asked for once the documents are gone
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
  await foldAll({ userIds: [...userIds, ...alsoUserIds] }, span, options);
  for (const chunk of chunksOf([...installationIds, ...alsoInstallationIds])) {
    await foldAll({ installationIds: chunk }, span, options);
  }
}

/** Folds what matches a filter, page by page. */
async function foldAll(
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
