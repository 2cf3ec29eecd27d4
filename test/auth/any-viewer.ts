import fc from 'fast-check';
import type { Viewer } from '../../src/auth/viewer.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';
import type { Filter } from '../../src/log/read/filter.ts';
import { USERS } from '../log/some-events.ts';

/** Random viewers of few users, with valid, misspelt or missing scopes. */
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
  ...[
    'ｅｍａｉｌ',
    'Ｍobile＿Phone',
    'é-mail',
    'emails',
    'email2',
    'phone',
    'mobile',
    'mobile_phone_x',
  ],
  ...['userEmail', 'telefonoMovil', 'CORREO', 'home tel'],
];
const userKeys = [
  ...['user_id', 'invitedUserId', 'user_ids', 'user', 'uid', 'friend_uids', 'user_no', 'userUuid'],
  ...['userIdentifier', 'member_id', 'ｕｓｅｒ＿ｉｄ'],
];
/** Similar to user keys, but they never name a user. */
const otherKeys = ['id', 'uuid', 'guid', 'message_id', 'user_name', 'user_status'];
const plainNames = [
  ...['coverage_name', 'status', 'name', 'type', 'hotel', 'is_mobile'],
  ...['__proto__', 'constructor', 'toString', '', '0', 'then'],
];
/** The catalog, or its list of plain keys, declares these as not personal. */
const declaredNames = [
  ...[
    'user_id',
    'ｕｓｅｒ＿ｉｄ',
    'installation_id',
    'message_id',
    'speciality',
    'professional_id',
  ],
  ...['status', 'from_status', 'to_status', 'coverage_name', 'is_mobile'],
  ...['os_name', 'os_version', 'device_model', 'language_code', 'country_code'],
];
/** The only text among the values that labels the value beside it. */
const LABEL = 'email';

const anyName = [...personalNames, ...plainNames];
/** Values under a user key, of few users, so that some name the viewer. */
const named: JsonValue[] = ['1', '2', 1, ['1'], ['1', '2'], [['1']], [['2']], [], null, true, {}];

/** Random payloads with personal keys and user keys in all spellings, at any depth. */
export const anyPayload: fc.Arbitrary<JsonObject> = fc.letrec<{
  value: JsonValue;
  object: JsonObject;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, 0, -0.5, 'text', LABEL, '', true),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...anyName), tie('value')) },
        {
          weight: 2,
          arbitrary: fc.tuple(
            fc.constantFrom(...userKeys.slice(0, 3), ...userKeys, ...otherKeys),
            fc.oneof(fc.constantFrom(...named), tie('object')),
          ),
        },
      ),
      { maxLength: 4 },
    )
    .map((members) => Object.fromEntries(members)),
})).object;

type Asked = { userId: string | null };

/** The rule, restated as simply as possible: whose events a viewer may see. */
export function isVisible({ userId, scopes }: Viewer, event: Asked): boolean {
  if ([...scopes].some((scope) => scope === 'events:read')) return true;
  if (userId === null) return false;
  return event.userId === userId;
}

/** Returns false for a filter that names a user whom the viewer may not see. */
export function isAllowed(viewer: Viewer, { userIds }: Filter): boolean {
  if ([...viewer.scopes].includes('events:read')) return true;
  return viewer.userId !== null && (userIds ?? []).every((user) => user === viewer.userId);
}

/**
 * The payload that a viewer is shown: all of it, or only personal values that are certainly the
 * viewer's.
 */
export function shownPayload(
  viewer: Viewer,
  { userId, payload }: Asked & Pick<NewEvent, 'payload'>,
): JsonObject {
  if ([...viewer.scopes].includes('pii:read')) return payload;
  const isOwn = userId !== null && userId === viewer.userId;
  return shown(payload) as JsonObject;

  function shown(value: JsonValue): JsonValue {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const isPair = value.length === 2 && value.includes(LABEL);
      return isPair ? value.filter((item) => item === LABEL) : value.map(shown);
    }
    const isTheirs = isOwn && (value === payload ? !usersIn(value).others : isAboutThem(value));
    const isLabelled = Object.entries(value).some(
      ([key, member]) =>
        isLabel(member) &&
        !declaredNames.includes(key) &&
        !(Array.isArray(member) && key.endsWith('s')),
    );
    const members = Object.entries(value).filter(([key, member]) => {
      const isField = declaredNames.includes(key) && typeof member !== 'object';
      const isBeside = isLabelled && !isLabel(member) && !isField;
      const isPersonal = isBeside || personalNames.includes(key);
      return !isPersonal || (isTheirs && directObjects(member).every(isAboutThem));
    });
    return Object.fromEntries(members.map(([key, member]) => [key, shown(member)]));
  }

  function isAboutThem(object: JsonObject): boolean {
    const { them, others } = usersIn(object);
    return them && !others;
  }

  function usersIn(object: JsonObject): { them: boolean; others: boolean } {
    const values = userKeys.flatMap((key) =>
      Object.hasOwn(object, key) ? [object[key]].flat(9) : [],
    );
    const users = values.filter((one) => one !== null && one !== true);
    const them = users.filter((one) => typeof one !== 'object' && String(one) === userId);
    return { them: them.length > 0, others: them.length < users.length };
  }
}

/** The label, a list of words with it, or an object with nothing but labels. */
function isLabel(value: JsonValue): boolean {
  if (value === LABEL) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) {
    return value.includes(LABEL) && value.every((item) => item === LABEL || item === 'text');
  }
  const members = Object.values(value);
  return members.length > 0 && members.every((member) => member === LABEL);
}

/** The objects in a value or its items, not deeper. */
function directObjects(value: JsonValue): JsonObject[] {
  return [value].flat(9).filter((one) => typeof one === 'object' && one !== null) as JsonObject[];
}
