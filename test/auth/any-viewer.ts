import fc from 'fast-check';
import type { Viewer } from '../../src/auth/viewer.ts';
import type { NewEvent } from '../../src/catalog/event.ts';
import type { JsonObject, JsonValue } from '../../src/catalog/json.ts';
import type { Filter } from '../../src/log/read/filter.ts';
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
/** Like them, and of anything: nobody is named by these. */
const otherKeys = ['id', 'uuid', 'guid', 'message_id', 'user_name', 'user_status'];
const plainNames = [
  ...['coverage_name', 'status', 'name', 'type', 'hotel', 'is_mobile'],
  ...['__proto__', 'constructor', 'toString', '', '0', 'then'],
];
/** Of these the catalog, or its list, says that nothing personal is under them. */
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
/** The one text among the values that says what stands beside it. */
const LABEL = 'email';

const anyName = [...personalNames, ...plainNames];
/** What stands under a key of users: of few users, so that a viewer is among them now and then. */
const named: JsonValue[] = ['1', '2', 1, ['1'], ['1', '2'], [['1']], [['2']], [], null, true, {}];

/** Any payload, with personal keys in all their spellings and keys of users, at any depth. */
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

/** What a viewer is shown of a payload: what is certainly personal of themselves, or of all. */
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
      ([key, member]) => member === LABEL && !declaredNames.includes(key),
    );
    const members = Object.entries(value).filter(([key, member]) => {
      const isField = declaredNames.includes(key) && typeof member !== 'object';
      const isBeside = isLabelled && member !== LABEL && !isField;
      const isPersonal = isBeside || personalNames.includes(key);
      return !isPersonal || (isTheirs && objectsIn(member).every(isAboutThem));
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

/** The objects that are a value, or items of it, and not what is below them. */
function objectsIn(value: JsonValue): JsonObject[] {
  return [value].flat(9).filter((one) => typeof one === 'object' && one !== null) as JsonObject[];
}
