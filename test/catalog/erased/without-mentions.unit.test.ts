import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutMentions } from '../../../src/catalog/erased/without-mentions.ts';
import type { NewEvent } from '../../../src/catalog/event.ts';
import type { JsonObject, JsonValue } from '../../../src/catalog/json.ts';
import { parsedEvent } from '../../utils/parsed-event.ts';

const RUNS = 5_000;
const [ADA, EVE] = ['48213377K', '82736451'];
const email = 'ada@mail.example';
const phone = '600111222';

const eventOf = (payload: JsonObject, { type = 'new_type', ...more }: JsonObject = {}): NewEvent =>
  parsedEvent(
    Buffer.from(JSON.stringify({ type, occurred_on: '2026-01-01T00:00:00Z', payload, ...more })),
    new Date(0),
  );
/** Contacts of the two users. */
const mailOf = (user: string) => `${user.toLowerCase()}@mail.example`;
const phoneOf = (user: string) => `6${user.slice(0, 8)}`;
const without = (event: NewEvent, ...users: string[]) =>
  withoutMentions(event, {
    isUser: (id) => users.includes(id),
    isContact: (contact) =>
      users.some((user) => contact === mailOf(user) || contact === phoneOf(user)),
  });

describe("another user's event keeps nothing that may belong to the named user", () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a list', { invited: [ADA, email, phone], n: 1 }, { invited: ['erased'], n: 1 }],
    ['a list in a list', { invited: [[ADA, email, phone]] }, { invited: ['erased'] }],
    ['a list beside others', { invited: [[ADA], email, { phone }] }, { invited: ['erased'] }],
    ['what is listed beside a contact', { to: [mailOf(ADA), 'A'] }, { to: ['erased'] }],
    ['what is listed around one', { to: [[phoneOf(ADA)], 'A'] }, { to: ['erased'] }],
    [
      'what is listed beside a labelled number',
      { to: ['phone', phone, 'A'], by: ADA },
      { to: ['erased'], by: 'erased' },
    ],
    [
      'what is listed around pairs',
      {
        to: [
          ['phone', phone],
          ['name', 'A'],
        ],
        by: ADA,
      },
      { to: ['erased'], by: 'erased' },
    ],
    [
      'what is in an object beside nested labels',
      { c: { field: { name: 'phone' }, value: phone, note: 'A' }, by: ADA },
      { c: { user_id: 'erased' }, by: 'erased' },
    ],
    [
      'what is in an object beside a list of labels',
      { c: { type: ['home', 'phone'], value: phone, note: 'A' }, by: ADA },
      { c: { user_id: 'erased' }, by: 'erased' },
    ],
    [
      'what is in an object beside a list of contacts',
      { invite: { to: [mailOf(ADA)], note: 'A' } },
      { invite: { user_id: 'erased' } },
    ],
    [
      'lists in an object',
      { inner: { who: [[ADA]], email, note: phone } },
      { inner: { user_id: 'erased' } },
    ],
    [
      'an object around',
      { invite: { person: { user_id: ADA }, email, mobile_phone: phone, n: 1 } },
      { invite: { user_id: 'erased' } },
    ],
    ['the top', { invited_user_id: ADA, 'E-mail': email }, { invited_user_id: 'erased' }],
    [
      'the next item',
      { users: [{ user_id: ADA }, { email, n: 1 }] },
      { users: [{ user_id: 'erased' }, { user_id: 'erased' }] },
    ],
    ['a key', { by: { [ADA]: { phone }, text: phone } }, { by: { user_id: 'erased' } }],
  ])('%s', (_, rest, kept) => {
    const event = eventOf({ user_id: 'OTHER1', ...rest });
    expect(without(event, ADA).payload).toEqual({ user_id: 'OTHER1', ...kept });
    // Other users' data stays.
    expect(without(event, 'THIRD1')).toBe(event);
  });

  test('members of the envelope are cleaned too', () => {
    const event = eventOf(
      { user_id: 'OTHER1', email },
      { more: { by: [ADA], text: phone }, email },
    );
    expect(without(event, ADA)).toMatchObject({
      payload: { user_id: 'OTHER1' },
      extra: { more: { user_id: 'erased' } },
    });
    expect(JSON.stringify(without(event, ADA))).not.toContain(email);
  });

  test.each([
    [mailOf(ADA), 'new_type'],
    [phoneOf(ADA), 'message_sent'],
    [Number(phoneOf(ADA)), 'new_type'],
  ])('the id of another user stays, though it is a contact: %s in %s', (user_id, type) => {
    const event = eventOf({ user_id, n: 1 }, { type });
    expect(without(event, ADA)).toBe(event);
    const naming = eventOf({ user_id, n: 1, to: ADA, who: { user_id } }, { type });
    expect(without(naming, ADA)).toMatchObject({
      userId: String(user_id),
      payload: { user_id, n: 1, to: 'erased', who: { user_id: 'erased' } },
    });
  });

  test('a user whose id equals the placeholder is not mistaken for it', () => {
    const event = without(eventOf({ user_id: 'OTHER1', by: { id: ADA }, list: [ADA] }), ADA);
    expect(without(event, 'erased')).toBe(event);
  });
});

/**
 * Names two users anywhere: under any key and as keys, in events of any type, with or without a
 * user.
 */
const anyNaming: fc.Arbitrary<NewEvent> = fc
  .record({
    type: fc.constantFrom('new_type', `x_${ADA}_${EVE}`, `of:${EVE}`, 'message_sent'),
    user_id: fc.constantFrom('OTHER1', null),
    payload: anyObject(),
    more: anyObject(),
  })
  .map(({ type, user_id, payload, more }) => ({
    ...eventOf({ ...payload, user_id }, { type: 'new_type', more, text: EVE }),
    type: type === 'message_sent' ? type : 'unknown',
    typeName: type,
  }));

function anyObject(): fc.Arbitrary<JsonObject> {
  return fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<JsonValue>(
        ...[ADA, EVE, Number(EVE), mailOf(ADA), phoneOf(EVE), Number(phoneOf(ADA))],
        ...[`${mailOf(EVE)} and ${phoneOf(ADA)}`, 'text', 5, null, true],
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc
      .array(
        fc.tuple(
          fc.constantFrom(
            ...['userId', 'email', 'type', 'note', 'professional_id', '__proto__', ADA, EVE],
            phoneOf(ADA),
          ),
          tie('value'),
        ),
        { maxLength: 3 },
      )
      .map((members) => Object.fromEntries(members)),
  })).object;
}

test(`erasing two users has the same result in any order or at once (${RUNS} cases)`, () => {
  let both = 0;
  fc.assert(
    fc.property(anyNaming, (event) => {
      const first = without(without(event, ADA), EVE);
      expect(without(without(event, EVE), ADA)).toEqual(first);
      expect(without(event, ADA, EVE)).toEqual(first);
      if (without(event, ADA) !== event && without(event, EVE) !== event) both += 1;
      // Cleaning again changes nothing.
      expect(without(first, ADA, EVE)).toBe(first);
    }),
    { numRuns: RUNS },
  );
  expect(both).toBeGreaterThan(RUNS / 10);
});
