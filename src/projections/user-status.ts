import { catalog } from '../catalog/catalog.ts';
import { filterKeys } from '../catalog/filter-keys.ts';
import { isOneOf } from '../storage/is-one-of.ts';
import type { Collections } from '../storage/models.ts';
import { chainTies, type StatusStep } from './chain-ties.ts';
import { compareOccurrences, later, type Occurrence } from './latest.ts';
import type { SnapshotRead } from './snapshot-read.ts';
import { statusStepOf } from './status-step.ts';
import { type FoundEvent, streamEvents } from './stream-events.ts';

/** A user's history is built from at most this many of their latest status events. */
export const HISTORY_EVENTS = 1_000;

const COVERAGE_KEY = 'coverage_name';
const coverageTypes = catalog
  .filter(({ fields }) => Object.hasOwn(fields, COVERAGE_KEY))
  .map(({ name }) => name);
const types = [...new Set([...filterKeys.statuses.keys(), ...coverageTypes])];

/** A period in which a user had one plan. */
export interface StatusPeriod extends Occurrence {
  /** The sender's integer. */
  readonly code: number;
}

/** A user's plan according to their events. */
export interface Plans {
  /** Periods in chronological order; the last is the current one. */
  readonly periods: readonly StatusPeriod[];
  readonly coverage: string | null;
}

interface UserPeriods {
  steps: StatusStep[];
  coverage: (Occurrence & { name: string }) | undefined;
}

/**
 * Reads the plans of users by the credible instants of their events, in any order of arrival; those
 * of one instant by the chain of their plans (`chainTies`). Events are streamed, and only the
 * latest per user are kept, since a user may have any number. Undefined if the events have more
 * than `maxBytes`: read fewer users at once.
 */
export function readUserStatus(
  { events }: Pick<Collections, 'events'>,
  readSnapshot: SnapshotRead,
  { userIds, maxBytes }: { userIds: readonly string[]; maxBytes: number },
): Promise<Map<string, Plans> | undefined> {
  return readSnapshot(async ({ after, upTo }) => {
    const users = new Map<string, UserPeriods>();
    const query = {
      userId: isOneOf(userIds) as never,
      type: { $in: types },
      position: { $gt: after, $lte: upTo },
    };
    function onEvent({ userId = '', type, payload, position, occurredOn, instant }: FoundEvent) {
      const occurrence = { occurredOn, instant, position };
      const known = users.get(userId) ?? { steps: [], coverage: undefined };
      users.set(userId, known);
      const step = statusStepOf({ type, payload }, occurrence);
      if (step) known.steps.push(step);
      if (known.steps.length >= 2 * HISTORY_EVENTS) known.steps = latestOf(known.steps);
      const name = payload[COVERAGE_KEY];
      if (coverageTypes.includes(type) && typeof name === 'string') {
        known.coverage = later(known.coverage, { ...occurrence, name });
      }
    }
    if (!(await streamEvents(events, query, { maxBytes, onEvent }))) return undefined;
    // An erasure leaves an empty string, which is not a group name.
    return new Map(
      [...users].map(([userId, { steps, coverage }]) => [
        userId,
        { periods: periodsOf(chainTies(latestOf(steps))), coverage: coverage?.name || null },
      ]),
    );
  });
}

function latestOf(steps: readonly StatusStep[]): StatusStep[] {
  return steps.toSorted(compareOccurrences).slice(-HISTORY_EVENTS);
}

/** Each status that differs from the previous one begins a period. */
function periodsOf(periods: readonly StatusPeriod[]): StatusPeriod[] {
  return periods.filter(({ code }, index) => periods[index - 1]?.code !== code);
}
