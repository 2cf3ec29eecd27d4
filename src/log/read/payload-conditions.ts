import { filterKeys, payloadFilterNames } from '../../catalog/filter-keys.ts';
import type { JsonValue } from '../../catalog/json.ts';
import type { PayloadFilterName } from '../../catalog/payload-filters.ts';
import { statusCodes, type UserStatus } from '../../catalog/user-status.ts';
import { isOneOf } from '../../storage/is-one-of.ts';

/** Conditions on payloads by the names of the filters. An absent member matches everything. */
export interface PayloadFilter {
  /** As the sender writes them in `message_sent` and `message_read`. */
  specialities?: readonly string[] | undefined;
  professionalIds?: readonly number[] | undefined;
  /** The plan after the event; UNKNOWN for integers without a name. */
  statuses?: readonly UserStatus[] | undefined;
}

/** What `declaredValue` returns of an integer field: a missing or malformed value is no plan. */
const WHOLE_NUMBER = {
  $gte: Number.MIN_SAFE_INTEGER,
  $lte: Number.MAX_SAFE_INTEGER,
  // Matches numbers without a fraction only (MongoDB manual, `$bitsAllClear`).
  $bitsAllClear: 0,
};

/** A condition on one field of the payload; `keys` maps each type to its field. */
export interface PayloadCondition {
  name: PayloadFilterName;
  keys: ReadonlyMap<string, string>;
  /** The condition as a MongoDB query of that field. */
  query: unknown;
  matches: (value: JsonValue | undefined) => boolean;
}

/** Returns the conditions of a filter; none for omitted members. */
export function payloadConditions(filter: PayloadFilter): PayloadCondition[] {
  return payloadFilterNames.flatMap((name) => {
    const values = filter[name];
    if (values === undefined) return [];
    const codes = name === 'statuses' ? codesOf(values as readonly UserStatus[]) : { values };
    return [{ name, keys: filterKeys[name], ...toCondition(codes as CodeSet) }];
  });
}

/** These values, or all except those. */
type CodeSet = { values: readonly (string | number)[] } | { allBut: readonly number[] };

function codesOf(statuses: readonly UserStatus[]): CodeSet {
  const named = Object.entries(statusCodes);
  const isIncluded = ([name]: [string, number]) => statuses.includes(name as UserStatus);
  if (!statuses.includes('UNKNOWN'))
    return { values: named.filter(isIncluded).map(([, code]) => code) };
  return { allBut: named.filter((each) => !isIncluded(each)).map(([, code]) => code) };
}

function toCondition(codes: CodeSet): Pick<PayloadCondition, 'query' | 'matches'> {
  if ('values' in codes) {
    const values: ReadonlySet<unknown> = new Set(codes.values);
    return { query: isOneOf(codes.values), matches: (value) => values.has(value) };
  }
  const others: ReadonlySet<unknown> = new Set(codes.allBut);
  return {
    query: { ...WHOLE_NUMBER, $nin: codes.allBut },
    matches: (value) => value !== undefined && value !== null && !others.has(value),
  };
}
