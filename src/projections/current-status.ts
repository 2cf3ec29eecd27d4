import type { StoredEvent } from '../catalog/event.ts';
import { statusName } from '../catalog/user-status.ts';
import type { Collections } from '../storage/models.ts';
import type { ClientSession } from '../storage/with-transaction.ts';
import { chainTies, MAX_TIES, type StatusStep } from './chain-ties.ts';
import { compareOccurrences, occurrenceOf } from './latest.ts';
import { statusStepOf } from './status-step.ts';

/** The latest instant, whose events decide, and the one before, whose plan a chain begins with. */
const KEPT_INSTANTS = 2;

/**
 * Writes the current plans of the users of some events into their documents, which the same
 * transaction has written before: so no other process changes them meanwhile. The kept steps are
 * the latest of a set, so events may be applied twice and in any order.
 */
export async function applyStatuses(
  { users }: Pick<Collections, 'users'>,
  events: Iterable<StoredEvent>,
  session: ClientSession,
): Promise<void> {
  const steps = stepsByUser(events);
  if (steps.size === 0) return;
  const documents = await users
    .find({ _id: { $in: [...steps.keys()] } }, { session, projection: { statusSteps: 1 } })
    .toArray();
  const writes = documents.map(({ _id, statusSteps = [] }) => {
    const kept = latestSteps([...statusSteps, ...(steps.get(_id) ?? [])]);
    const current = chainTies(kept).at(-1);
    const set = { statusSteps: kept, ...(current && { status: statusName(current.code) }) };
    return { updateOne: { filter: { _id }, update: { $set: set } } };
  });
  await users.bulkWrite(writes, { ordered: false, session });
}

function stepsByUser(events: Iterable<StoredEvent>): Map<string, StatusStep[]> {
  const found = new Map<string, StatusStep[]>();
  for (const event of events) {
    const step = statusStepOf(event, occurrenceOf(event));
    if (event.userId === null || step === undefined) continue;
    found.set(event.userId, [...latestSteps(found.get(event.userId) ?? []), step]);
  }
  return found;
}

/** Returns the steps of the latest instants in order, each event once. */
function latestSteps(steps: readonly StatusStep[]): StatusStep[] {
  const byPosition = new Map(steps.map((step) => [step.position, step]));
  const ordered = [...byPosition.values()].sort(compareOccurrences);
  const instants = [...new Set(ordered.map(({ instant }) => instant))].slice(-KEPT_INSTANTS);
  // More than MAX_TIES are not chained: then the last one decides.
  return instants.flatMap((instant) =>
    ordered.filter((step) => step.instant === instant).slice(-(MAX_TIES + 1)),
  );
}
