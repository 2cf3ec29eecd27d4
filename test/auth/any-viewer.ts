import fc from 'fast-check';
import type { Viewer } from '../../src/auth/viewer.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';
import type { Filter } from '../../src/log/filter.ts';
import { USERS } from '../log/some-events.ts';

/** Any viewer that a token can mean, of few users and with scopes right, misspelt or missing. */
export const anyViewer: fc.Arbitrary<Viewer> = fc.record({
  userId: fc.option(fc.constantFrom(...USERS.filter((user) => user !== ''), 'nobody', 'null')),
  scopes: fc
    .subarray(['events:read', 'pii:read', 'events:admin', 'events:Read', 'pii', ''])
    .map((scopes) => new Set(scopes)),
  expiresAtMs: fc.constant(Number.POSITIVE_INFINITY),
});

const personalNames = [
  ...['mobile_phone', 'mobilePhone', 'MOBILE_PHONE', 'mobile-phone', 'mobile phone'],
  ...['mobile_phone_prefix', 'mobilePhonePrefix', 'email', 'Email', 'e-mail', 'E_MAIL', '_email'],
];
const plainNames = [
  ...['coverage_name', 'status', 'name', 'phone', 'emails', 'email2', 'mobile', 'mobile_phone_x'],
  ...['__proto__', 'constructor', 'toString', '', '0', 'then', 'é-mail'],
];

/** Any payload, with personal keys in all their spellings, at any depth. */
export const anyPayload: fc.Arbitrary<JsonObject> = fc.letrec<{
  value: JsonValue;
  object: JsonObject;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, 0, -0.5, 'text', 'email', '', true),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...personalNames, ...plainNames), tie('value')), {
      maxLength: 4,
    })
    .map((members) => Object.fromEntries(members)),
})).object;

type Asked = { userId: string | null };

/** The rule, said once more in the plainest words: whose events a viewer may see. */
export function isVisible({ userId, scopes }: Viewer, event: Asked): boolean {
  if ([...scopes].some((scope) => scope === 'events:read')) return true;
  if (userId === null) return false;
  return event.userId === userId;
}

/** Whether a filter may be used at all: nobody is asked for whom the viewer may not see. */
export function isAllowed(viewer: Viewer, { userIds }: Filter): boolean {
  if ([...viewer.scopes].includes('events:read')) return true;
  return viewer.userId !== null && (userIds ?? []).every((user) => user === viewer.userId);
}

/** What a viewer is shown of a payload, by way of JSON text. */
export function shownPayload(
  viewer: Viewer,
  { userId, payload }: Asked & Pick<NewEvent, 'payload'>,
) {
  const isOwn = userId !== null && userId === viewer.userId;
  if (isOwn || [...viewer.scopes].includes('pii:read')) return payload;
  return JSON.parse(JSON.stringify(payload), (key, value) =>
    personalNames.includes(key) ? undefined : value,
  );
}
