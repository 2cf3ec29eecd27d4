import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/catalog/json.ts';
import { contactsIn, toPlainText } from '../../../src/catalog/personal/contacts-in.ts';
import { contactsOf, contactsOfId } from '../../../src/catalog/personal/contacts-of.ts';
import { parsedEvent } from '../../utils/parsed-event.ts';

const RUNS = 3_000;

const eventOf = (type: string, payload: JsonObject) =>
  parsedEvent(
    Buffer.from(JSON.stringify({ type, occurred_on: '2026-01-01T00:00:00Z', payload })),
    new Date(0),
  );
/** A first login with these values. */
const login = (values: JsonObject) =>
  eventOf('user_first_logged_in', {
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    user_id: '48213377K',
    status: 2,
    mobile_phone: '666996699',
    mobile_phone_prefix: '34',
    email: 'ada.l@mail.example',
    coverage_name: 'x',
    ...values,
  });
const finds = (text: string, contacts: ReadonlySet<string>) =>
  [...contactsIn(text)].some((contact) => contacts.has(contact));

describe('addresses and numbers are found in any notation', () => {
  const ada = contactsOf(login({}));
  test.each([
    'ada.l@mail.example',
    'Ada.L@Mail.EXAMPLE',
    ' <ada.l@mail.example>, and others',
    'mailto:ada.l@mail.example?subject=x',
    'Write to ada.l@mail.example.Thanks.',
    '请联系ada.l@mail.example谢谢',
    'メールada.l+news@mail.exampleまで',
    '“ada.l@mail.example”',
    '«ada.l@mail.example»',
    '„ada.l@mail.example“',
    'mail–ada.l@mail.example',
    '📧ada.l@mail.example',
    '•ada.l@mail.example',
    '、ada.l@mail.example',
    '$ada.l@mail.example',
    '{"note":"Contact:\\nada.l@mail.example\\n"}',
    'อีเมลada.l@mail.exampleครับ',
    'https://x.example/u/ada.l%40mail.example/y',
    'https://x.example/u?mail=ada.l%2Bnews%40mail.example',
    'https://x.example/?next=https%3A%2F%2Fy.example%2F%3Fmail%3Dada.l%2540mail.example',
    'ada.l+news@mail.example',
    'write to _ada.l@mail.example_.',
    'write to ada.l@mail.example.',
    'ａｄａ.l＠mail.example',
    'to=ada.l@mail.example&x=1',
    '666996699',
    '34666996699',
    '+34666996699',
    '0034666996699',
    '+34 666 996 699',
    '(+34) 666-99-66-99',
    '0034 666.996.699',
    'tel:+34-666996699;x=1',
    'https://x.example/call?to=%2B34%20666%20996%20699',
    'https://x.example/?text=call%20666996699%20now',
    'phone=%2B34+666+99+66+99&x=1',
    'call 666 99 66 99 at 10:30',
    'call 666–996–699',
    '0666996699',
    '1 666996699 2',
    '６６６９９６６９９',
    '666\u200b996\u200b699',
    'ada\u200b.l@mail.exam\u00adple',
    ...['666·99·66·99', '666−996−699', '666‑996﹣699', '666—996—699', '666〜996〜699'],
    ...['666_996_699', "666'996'699", '666’996’699', '666\u2003996\u202f699'],
    ...['666 - - 996 ... 699', '(666) -- (996) -- (699)', '666\r\n\r\n996699'],
    ...['6 6 6 9 9 6 6 9 9', '6-6-6-9-9-6-6-9-9', '+3 4 6 6 6 9 9 6 6 9 9', '34 6 6 6 9 9 6 6 9 9'],
    ...[
      '666 9 9 6 6 9 9',
      '6.6.6 996 6.9.9',
      '1, 6 66 99 66 99',
      '1 6 6 6 9 9 6 6 9 9',
      '00 34 66 69 96 69 9',
    ],
    ...[
      '٦٦٦٩٩٦٦٩٩',
      '۶۶۶۹۹۶۶۹۹',
      '+٣٤ ٦٦٦ ٩٩ ٦٦ ٩٩',
      '६६६९९६६९९',
      '𞥖𞥖𞥖𞥙𞥙𞥖𞥖𞥙𞥙',
      '٦_٦_٦_٩_٩_٦_٦_٩_٩',
    ],
    ...['666•996•699', '666 | 996 | 699', '666:996:699', '666~996~699', '6*6*6*9*9*6*6*9*9'],
    // Invisible characters that are not of the category Cf, and decorations.
    ...['ada\ufe0f.l@mail.example', 'ada.\u034fl@mail.example', 'ada.l\u3164@mail.example'],
    ...['ada.l\u0000@mail.example', 'a\u0332d\u0332a\u0332.l@mail.example', '666\u0007996699'],
    '6️⃣6️⃣6️⃣9️⃣9️⃣6️⃣6️⃣9️⃣9️⃣',
    // Upper and lower case by the rules of Turkish.
    ...['ADA.L@MAİL.EXAMPLE', 'ada.l@maıl.example'],
    // JSON within a text.
    ...['{"mail":"ada.l\\u0040mail.example"}', '{\\"mail\\":\\"\\\\u0061da.l@mail.example\\"}'],
    '{"phone":"\\u002b34666996699"}',
    // HTML within a text, also escaped twice, in JSON and in a URL.
    ...['ada.l&#64;mail.example', 'ada.l&#x40;mail.example', 'ada.l&#00064;mail.example'],
    ...['ada.l&commat;mail&period;example', 'ada.l&amp;#64;mail.example', 'ada.l&#64mail.example'],
    ...[
      'ada.l&shy;@mail.example',
      '&lt;ada.l&#8203;@mail.example&gt;',
      '\\u0026#97;da.l@mail.example',
    ],
    ...['ada.l%26%2364%3Bmail.example', '{\\"m\\":\\"ada.l\\u0026#64;mail.example\\"}'],
    [...'ada.l@mail.example'].map((char) => `&#${char.charCodeAt(0)};`).join(''),
    ...['666&nbsp;996&nbsp;699', '&#43;34&#32;666996699', '&plus;34&lpar;666&rpar;996-699'],
    [...'666996699'].map((digit) => `&#x${digit.charCodeAt(0).toString(16)};`).join(''),
    '&#666996699;',
    ...['ada.l@mail。example', 'メールはada.l@mail｡example。です'],
    // The same national number in another country may be another person's.
    '+33 666 996 699',
  ])('%s', (text) => {
    expect(finds(text, ada)).toBe(true);
  });
});

describe("other people's contacts are not matched", () => {
  const ada = contactsOf(login({}));
  test.each([
    'ada.l@mail.example.com',
    'other@mail.example',
    'bada.l@mail.example',
    'ada.l@mail',
    '@mail.example',
    '666996698',
    '6669966990',
    '1666996699',
    '34',
    '+34',
    '000000000',
    'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    '2026-01-01T00:00:00.666Z',
    '',
    // Separators join digits, but only the person's own number matches.
    ...[
      '1,2,3,4,5,6,7,8,9',
      '666,99,66',
      '666,99,66,98',
      '1.666,99 €',
      "1'666'996.69",
      '666_996_69',
    ],
    ...['66699669-9000-4000-8000-000000000000', '٦٦٦٩٩٦٦٩٨', '6 6 6 9 9 6 6 9'],
    ...['report_2026_01_01', '[666,996]', '666996,69', '666.996.69,90'],
    ...[
      'ada.l&#x110000;@mail.example',
      'bada&#46;l@mail.example',
      'ada.l&amp@mail.example',
      '&commat;&#;&',
    ],
  ])('%s', (text) => {
    expect(finds(text, ada)).toBe(false);
  });
});

test.each([
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@XN--bcher-kva.example.'],
  ['ada+shop@почта.example', 'ada@xn--80a1acny.example'],
])('the internationalised address %s is %s', (one, other) => {
  for (const [own, text] of [
    [one, other],
    [other, one],
  ] as const) {
    expect(finds(text, contactsOf(login({ email: own.replace(/\.$/, '') })))).toBe(true);
  }
  expect(finds('ada@xn--bcher-kvb.example', contactsOf(login({ email: one })))).toBe(false);
});

test.each([
  ['ada.l@mail.example', 'write to Ada.L+news@mail.example', true],
  ['tenant/ada.l+shop@mail.example', '<ada.l@mail.example>', true],
  ['+34666996699', 'call 666 996 699', true],
  ['+34666996699', '0034 666.996.699', true],
  // Digits alone may be any number.
  ['666996699', 'call 666 996 699', false],
  ['48213377K', '48213377', false],
  ['a+34666996699', '666996699', false],
])('the id %s is the contact in %s: %s', (id, text, isFound) => {
  expect(finds(text, contactsOfId(id))).toBe(isFound);
});

test('an address with a tag also matches without it, and with another one', () => {
  const contacts = contactsOf(login({ email: 'VP+shop@mail.example' }));
  for (const text of ['vp@mail.example', 'vp+shop@mail.example', '<vp+news@mail.example>']) {
    expect([text, finds(text, contacts)]).toEqual([text, true]);
  }
  for (const text of ['shop@mail.example', 'p@mail.example', 'vp@mail.example.org']) {
    expect([text, finds(text, contacts)]).toEqual([text, false]);
  }
  // A mark before an address is part of it in a declared field.
  expect(finds('ada@mail.example', contactsOf(login({ email: '_ada@mail.example' })))).toBe(false);
});

test.each([
  ...['٦٦٦٩٩٦٦٩٩', '666·99·66·99', "666'996'699", '6 6 6 9 9 6 6 9 9', '666−996−699'],
  ...[
    '666996699, 600111222',
    '600111222_666996699',
    ...['600111222·666 99 66 99', '600111222/666996699', '600 11 12 22 / 666 99 66 99'],
    ...['666996699 | 600111222', '600111222•666996699', '6️⃣6️⃣6️⃣9️⃣9️⃣6️⃣6️⃣9️⃣9️⃣'],
    '666 99 66 99,600111222',
  ],
])("the user's own number may be written as %s", (mobile_phone) => {
  const contacts = contactsOf(login({ mobile_phone, mobile_phone_prefix: '٣٤' }));
  for (const text of ['666996699', '+34 666996699', '٦٦٦ ٩٩٦ ٦٩٩']) {
    expect([text, finds(text, contacts)]).toEqual([text, true]);
  }
});

test('digits of every script are read', () => {
  const others = Array.from({ length: 0x1ffff }, (_, code) => code + 1)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((sign) => /\p{Nd}/u.test(sign));
  expect(others.length).toBeGreaterThan(600);
  const read = others.map((digit) => toPlainText(digit)).join('');
  expect(read).toBe('0123456789'.repeat(others.length / 10));
});

test('a number without a prefix matches any country code', () => {
  const { mobile_phone_prefix: _, ...payload } = login({}).payload;
  const contacts = contactsOf(eventOf('contact', { user_id: 'U', phones: 1, ...payload }));
  for (const text of ['666996699', '+34666996699', '+33 666996699', '00 1 666996699']) {
    expect([text, finds(text, contacts)]).toEqual([text, true]);
  }
});

test('a number with its country code also matches without it', () => {
  const contacts = contactsOf(
    login({ mobile_phone: '+44 (0)20 7946 0958', mobile_phone_prefix: '' }),
  );
  for (const text of ['020 7946 0958', '+442079460958', '0044 20 7946 0958', '2079460958']) {
    expect([text, finds(text, contacts)]).toEqual([text, true]);
  }
});

describe('only contacts that certainly belong to the user count', () => {
  test.each<[string, JsonObject, number]>([
    ['of nobody', { user_id: null, email: 'a@b.example' }, 0],
    ['of the user', { user_id: 'U', 'E-Mail': 'a@b.example' }, 1],
    ['beside another user', { user_id: 'U', invited_user_id: 'V', email: 'a@b.example' }, 0],
    ['of a friend', { user_id: 'U', friend: { email: 'a@b.example' } }, 0],
    ['below, with their id', { user_id: 'U', me: { user_id: 'U', email: 'a@b.example' } }, 1],
    ['under another key', { user_id: 'U', note: 'a@b.example' }, 0],
    ['too short', { user_id: 'U', mobile_phone: '12345', mobile_phone_prefix: '34' }, 0],
    ['of no number', { user_id: 'U', mobile_phone: '000000000' }, 0],
    ['not there', { user_id: 'U', email: null, mobile_phone: '' }, 0],
    ['a time', { user_id: 'U', email_verified_at: '2026-01-31T10:00:00.000+01:00' }, 0],
    ['a date', { user_id: 'U', phone_verified_on: '2026-01-31' }, 0],
    ['hours', { user_id: 'U', telephone_hours: '09:00-18:00' }, 0],
    ['a number beside a date', { user_id: 'U', phone: '666996699 (2026-01-31)' }, 1],
  ])('%s', (_, payload, count) => {
    expect(contactsOf(eventOf('new_type', payload)).size > 0).toBe(count > 0);
  });

  test('fields that the catalog declares count, also beside names of other users', () => {
    const event = login({ invited: { user_id: 'V', email: 'v@mail.example' } });
    expect(contactsOf(event)).toContain('ada.l@mail.example');
    expect(contactsOf(event)).not.toContain('v@mail.example');
  });
});

/** Digits in groups with one kind of separator between them. */
const spaced = (digits: string) =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 6, maxLength: 6 }),
      sign: fc.constantFrom('', ' ', '-', '.', ' - ', '·', '_', '’', '\u2212', ' -- '),
    })
    .map(({ sizes, sign }) => {
      const groups: string[] = [];
      let rest = digits;
      for (const size of sizes) {
        if (rest === '') break;
        // Avoids a last group of one digit.
        const cut = rest.length - size < 2 ? rest.length : size;
        groups.push(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      return [...groups, ...(rest === '' ? [] : [rest])].join(sign);
    });

const anyNumber = fc
  .record({
    prefix: fc.constantFrom('1', '34', '351'),
    national: fc.integer({ min: 20_000_000, max: 999_999_999 }).map(String),
    style: fc.constantFrom('', 'prefix', '+', '00', '(+)'),
    around: fc.constantFrom<[string, string]>(['', ''], ['tel ', ', or'], ['"', '"'], ['x', 'x']),
  })
  .filter(({ national }) => !/^(\d)\1*$/.test(national))
  .chain(({ prefix, national, style, around: [before, behind] }) =>
    spaced(national).map((written) => {
      const front = { '': '', prefix: `${prefix} `, '+': `+${prefix} `, '00': `00${prefix} ` };
      const lead = style === '(+)' ? `(+${prefix}) ` : (front[style as ''] ?? '');
      return { prefix, national, text: `${before}${lead}${written}${behind}` };
    }),
  );

test(`a number is found in any of ${RUNS} notations`, () => {
  fc.assert(
    fc.property(anyNumber, ({ prefix, national, text }) => {
      const contacts = contactsOf(
        login({ mobile_phone: national, mobile_phone_prefix: `+${prefix}` }),
      );
      expect([text, finds(text, contacts)]).toEqual([text, true]);
    }),
    { numRuns: RUNS },
  );
});
