import fc from 'fast-check';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject } from '../../src/catalog/json.ts';
import type { Filter } from '../../src/log/read/filter.ts';
import { newEvent } from './new-event.ts';

const MESSAGES = ['message_sent', 'message_read'];
const LOGINS = ['user_logged_in', 'user_first_logged_in'];
const OTHERS = ['installation_created', 'app_opened', 'app_uninstalled', 'unknown'];
const TYPES = [...MESSAGES, ...LOGINS, 'user_status_changed', ...OTHERS];
export const USERS = ['1', '2', '3', '$x', 'a.b', ''];
const INSTALLATIONS = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'];
const SPECIALITIES = ['work', 'Work', 'work ', '$ne', 'peña', 'pen\u0303a', '\ufffd', ''];
const PROFESSIONALS = [5, 7, 0, -5, 2 ** 31, Number.MAX_SAFE_INTEGER];
const CODES = [0, 2, 4, 1, -4, 2 ** 40];
const START = Date.UTC(2026, 0, 1);
const instant = fc.integer({ min: 0, max: 50 }).map((second) => new Date(START + second * 1_000));
const orNull = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values));

/** Values under declared keys that only an undeclared type may hold. */
const anything = fc.constantFrom(null, 5, 2, 'work', ['work', 5, 2], [], { work: 5 }, true, '5');
const unlisted = fc.record(
  { speciality: anything, professional_id: anything, status: anything, to_status: anything },
  { requiredKeys: [] },
);
const message = fc.record({
  speciality: fc.constantFrom(...SPECIALITIES),
  professional_id: fc.constantFrom(...PROFESSIONALS),
});
const login = fc.record({ status: fc.constantFrom(...CODES) });
const change = fc.record({
  from_status: fc.constantFrom(...CODES),
  to_status: fc.constantFrom(...CODES),
});

function payloadOf(type: string): fc.Arbitrary<JsonObject> {
  if (MESSAGES.includes(type)) return message;
  if (LOGINS.includes(type)) return login;
  if (type === 'user_status_changed') return change;
  return unlisted;
}

/** Events of all types with few users, values and instants, so that any filter matches some. */
export function someEvents(count: number, seed: number): NewEvent[] {
  const parts = fc.constantFrom(...TYPES).chain((type) =>
    fc.record({
      type: fc.constant(type),
      userId: orNull(USERS),
      installationId: orNull(INSTALLATIONS),
      occurredOn: instant,
      receivedAt: instant,
      payload: payloadOf(type),
    }),
  );
  return fc
    .sample(parts, { numRuns: count, seed })
    .map((part) => ({ ...newEvent(), ...part, typeName: part.type }));
}

/** @param freq how often a list is generated for each time that it is absent */
const listOf = <T>(values: readonly T[], unheardOf: T, freq = 5) => {
  const list = fc.array(fc.constantFrom(...values, unheardOf), { maxLength: 3 });
  return fc.option(list, { nil: undefined, freq });
};
const range = fc.option(
  fc.record(
    {
      from: fc.option(instant, { nil: undefined }),
      until: fc.option(instant, { nil: undefined }),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

/** Random filters, with members absent, undefined, empty, repeated or in any order. */
export const anyFilter: fc.Arbitrary<Filter> = fc.record(
  {
    types: listOf(TYPES, 'nobody'),
    userIds: listOf(USERS, 'nobody'),
    installationIds: listOf(INSTALLATIONS, 'nobody'),
    // Excluded: the driver would write a lone surrogate as a character that another event holds.
    specialities: listOf(SPECIALITIES, '\ud800', 1),
    professionalIds: listOf(PROFESSIONALS, 1_000_000, 1),
    statuses: listOf(['FREE', 'PREMIUM', 'FREEMIUM'], 'UNKNOWN', 1),
    occurredOn: range,
    receivedAt: range,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Filter>;

/** Filters with one or two members that match many events. */
export const anyWideFilter: fc.Arbitrary<Filter> = fc
  .tuple(anyFilter, fc.subarray(Object.keys(namesOf()), { minLength: 1, maxLength: 2 }))
  .map(([filter, names]) =>
    Object.fromEntries(Object.entries(filter).filter(([name]) => names.includes(name))),
  );

function namesOf(): Record<keyof Filter, true> {
  return {
    types: true,
    userIds: true,
    installationIds: true,
    specialities: true,
    professionalIds: true,
    statuses: true,
    occurredOn: true,
    receivedAt: true,
  };
}

/** The meaning of a filter, restated as simply as possible. */
export function matchesFilter(filter: Filter, event: NewEvent): boolean {
  const { types, userIds, installationIds, occurredOn, receivedAt } = filter;
  if (types && !types.includes(event.type)) return false;
  if (userIds && !userIds.some((id) => id === event.userId)) return false;
  if (installationIds && !installationIds.some((id) => id === event.installationId)) return false;
  if (!matchesPayload(filter, event)) return false;
  for (const [range, date] of [
    [occurredOn, event.occurredOn],
    [receivedAt, event.receivedAt],
  ] as const) {
    if (range?.from && date.getTime() < range.from.getTime()) return false;
    if (range?.until && date.getTime() >= range.until.getTime()) return false;
  }
  return true;
}

function matchesPayload(
  { specialities, professionalIds, statuses }: Filter,
  { type, payload }: NewEvent,
): boolean {
  if (specialities || professionalIds) {
    if (type !== 'message_sent' && type !== 'message_read') return false;
    if (specialities && !specialities.some((name) => name === payload.speciality)) return false;
    if (professionalIds && !professionalIds.some((id) => id === payload.professional_id)) {
      return false;
    }
  }
  if (!statuses) return true;
  const code = type === 'user_status_changed' ? payload.to_status : payload.status;
  if (typeof code !== 'number' || !(type === 'user_status_changed' || LOGINS.includes(type))) {
    return false;
  }
  const plan = code === 0 ? 'FREE' : code === 2 ? 'PREMIUM' : code === 4 ? 'FREEMIUM' : 'UNKNOWN';
  return statuses.includes(plan);
}
