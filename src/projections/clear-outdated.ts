import type { Collection, Collections } from '../storage/models.ts';
import { type ProjectionDocument, projectionNames } from '../storage/projection-documents.ts';
import type { DerivedName } from './derive-changes.ts';

/** Version of the rules of `deriveChanges`; a change of what it derives needs the next number. */
export const RULES = 5;
/** Maximum documents per transaction. */
const CHUNK = 1_000;

type Projected = Pick<Collections, DerivedName | 'views' | 'transaction'>;

/**
 * Removes projections that other rules derived, after which they are built from the whole log. Each
 * chunk writes the checkpoint too, so it conflicts with another process that has finished.
 */
export async function clearOutdated(collections: Projected): Promise<void> {
  while (await collections.transaction((session) => clearChunk(collections, session)));
}

/** Returns false when nothing is outdated any more. */
async function clearChunk(
  collections: Projected,
  session: Parameters<Parameters<Projected['transaction']>[0]>[0],
): Promise<boolean> {
  const { views } = collections;
  const outdated = { _id: 'views', rules: { $ne: RULES } } as const;
  if ((await views.findOne(outdated, { session })) === null) return false;
  for (const name of projectionNames) {
    const documents = collections[name] as unknown as Collection<
      ProjectionDocument & { _id: string }
    >;
    const found = await documents
      .find({}, { session, projection: { _id: 1 }, limit: CHUNK })
      .toArray();
    if (found.length === 0) continue;
    const fenced = { $set: { foldedUpTo: 0 }, $inc: { cleared: 1 } };
    const { matchedCount } = await views.updateOne(outdated, fenced, { session });
    if (matchedCount === 0) return false;
    await documents.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } }, { session });
    return true;
  }
  const current = { $set: { foldedUpTo: 0, rules: RULES }, $unset: { cleared: '' } } as const;
  await views.updateOne(outdated, current, { session });
  return false;
}
