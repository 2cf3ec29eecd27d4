import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/auth/viewer.ts';
import { visiblePayload } from '../../src/auth/visible-payload.ts';
import type { JsonObject } from '../../src/catalog/json.ts';

const viewer = (...scopes: string[]): Viewer => ({
  userId: 'A',
  scopes: new Set(scopes),
  expiresAtMs: Number.POSITIVE_INFINITY,
});
const shown = (rest: JsonObject, who = viewer()) =>
  visiblePayload(who, { userId: 'A', payload: { user_id: 'A', ...rest } });
const email = 'b@mail.example';

describe('user A sees no personal data in an own event that may belong to user B', () => {
  test.each<[string, JsonObject]>([
    ...[
      'id',
      'uid',
      'user',
      'member_id',
      'user_no',
      'user_uuid',
      'userIdentifier',
      'ｕｓｅｒ_ｉｄ',
    ].map((key): [string, JsonObject] => [
      `an object with ${key}`,
      { friend: { [key]: 'B', email } },
    ]),
    ['an object without a user key', { friend: { email } }],
    ['an object under the key B', { users: { B: { email } } }],
    ['an object with a nested user B', { invited: { user: { user_id: 'B' }, email } }],
    ['an object with a nested user A', { invited: { user: { user_id: 'A' }, email } }],
    ['an object of B in an object of A', { me: { user_id: 'A', friend: { id: 'B', email } } }],
    ['B in a nested list of user ids', { g: { user_ids: [['B']], email } }],
    ['a list of the user ids A and B', { g: { user_ids: ['A', 'B'], email } }],
    ['the list item after an item of B', { users: [{ user_id: 'B' }, { email }] }],
    ['an object of a professional', { professional: { id: 7, email } }],
    ['an object under a personal key', { email: { of: 'B', email } }],
    ['an object in a list under a personal key', { mobile_phone: [{ user_id: 'B', email }] }],
    ['an object as the user id', { f: { user_id: { id: 'B' }, email } }],
    ['a second user key with B, beside user_id A', { invited_user_id: 'B', email }],
    ['a second user key with a list of B, beside user_id A', { invitedUserIds: [['B']], email }],
    ['a second user key with an empty object, beside user_id A', { invited_user: {}, email }],
  ])('%s', (_, rest) => {
    expect(JSON.stringify(shown(rest))).not.toContain(email);
    expect(shown(rest, viewer('pii:read'))).toEqual({ user_id: 'A', ...rest });
  });
});

test.each<JsonObject>([
  { email },
  { email: [email], invited_user_id: null, is_user: true },
  { invited_user_id: 'A', email, user_name: 'x', guid: 'y', user_status: 2 },
  { profile: { userId: 'A', email } },
  { list: [[{ user_ids: [['A']], mobile_phone: 1 }]] },
  { email: { user_id: 'A', email } },
])('user A sees data that certainly belongs to A: %j', (rest) => {
  expect(shown(rest)).toEqual({ user_id: 'A', ...rest });
});
