import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { JsonObject } from '../../../src/catalog/json.ts';
import { withoutPersonal } from '../../../src/catalog/personal/without-personal.ts';

const SECRET = '666996699';

describe('the value beside a personal label is removed', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a pair', { type: 'email', value: SECRET }, { type: 'email' }],
    ['in capitals', { Type: 'EMAIL', Value: SECRET }, { Type: 'EMAIL' }],
    ['in Spanish', { tipo: 'Teléfono móvil', dato: SECRET }, { tipo: 'Teléfono móvil' }],
    ['under any name', { kind: 'phone', to: SECRET, n: 666996699 }, { kind: 'phone' }],
    ['FHIR', { system: 'phone', use: 'mobile', value: SECRET }, { system: 'phone', use: 'mobile' }],
    ['an object', { name: 'email', value: { address: [SECRET] } }, { name: 'email' }],
    ['in a list', { contacts: [{ type: 'tel', value: SECRET }] }, { contacts: [{ type: 'tel' }] }],
    [
      'a label in an object',
      { field: { name: 'email' }, value: SECRET },
      { field: { name: 'email' } },
    ],
    ['a tuple', { contacts: [['email', SECRET]] }, { contacts: [['email']] }],
    ['a tuple turned round', { contact: [SECRET, 'e-mail'] }, { contact: ['e-mail'] }],
    ['several kinds', { type: ['email'], value: SECRET }, { type: ['email'] }],
    ['jCard', { kind: ['home', 'work', 'phone'], to: SECRET }, { kind: ['home', 'work', 'phone'] }],
    ['numbered', { type: 'phone 2', value: SECRET }, { type: 'phone 2' }],
    [
      'deep',
      { a: [{ b: { c: [[{ channel: 'sms', number: SECRET }]] } }] },
      { a: [{ b: { c: [[{ channel: 'sms' }]] } }] },
    ],
    [
      'beside fields of the catalog, which say what they are',
      { type: 'email', value: SECRET, user_id: 'A', status: 2 },
      { type: 'email', user_id: 'A', status: 2 },
    ],
  ])('%s', (_, payload, shown) => {
    expect(withoutPersonal(payload)).toEqual(shown);
    expect(withoutPersonal(shown)).toBe(shown);
  });
});

describe('a label may have any punctuation and a few words', () => {
  test.each([
    ...['email (home)', 'Email *', 'E-mail?', 'email #1', 'email & phone', '1. E-mail', '«Tel.»'],
    ...['user[email]', 'contacts[0].email', 'contacts[12].email', 'Primary contact email address'],
    ...['E-Mail-Adresse (privat)', 'Número de teléfono móvil de contacto', '📞 phone', '"phone"'],
    ...['emaıl', 'emаil', 'Ρhone', 'Telnr. (privat)', 'email @ work', 'T_E_L', 'phone\n'],
  ])('%s', (type) => {
    expect(withoutPersonal({ type, value: SECRET })).toEqual({ type });
    expect(withoutPersonal({ list: [[type, SECRET]] })).toEqual({ list: [[type]] });
  });
});

describe('a second text with a personal word is only shown if it is certainly a label', () => {
  test.each([
    ...['ada(at)mail.example', 'ada at mail dot example', 'ada@mail.example', 'ada#mail.example'],
    ...['tel 666996699', 'phone (666) 99-66-99', 'tel: 666', '+34 666 99 66 99'],
  ])('%s', (value) => {
    expect(withoutPersonal({ type: 'email', value })).toEqual({ type: 'email' });
    expect(withoutPersonal({ list: [['email', value]] })).toEqual({ list: [['email']] });
  });
});

describe('a text that is not a label removes nothing', () => {
  test.each<JsonObject>([
    { type: 'push', value: 'x' },
    { note: 'My phone is broken since the last update', ticket: 5 },
    { note: 'please email me at noon when you can', ticket: 5 },
    { note: `email ${'x'.repeat(59)}`, ticket: 5 },
    { note: 'phone 2026', ticket: 5 },
    { speciality: 'email', value: 'x' },
    { channels: ['email', 'sms', 'push'] },
    { channels: ['email', 'sms'] },
    { channels: ['email', 'sms'], campaign: 'x' },
    { kind: ['push', 'web'], campaign: 'x' },
    { kind: ['email', 5, 'web'], campaign: 'x' },
    { type: 5, value: 'x' },
  ])('%j', (payload) => {
    expect(withoutPersonal(payload)).toBe(payload);
  });
});

describe('a text that is itself a contact is removed under any key and in any list', () => {
  test.each([
    ...['ada@mail.example', ' ada@mail.example ', 'ada.l+x@mail.example.', 'ада@почта.рф'],
    ...['mailto:ada@mail.example?subject=hi', 'Ada Lovelace <ada@mail.example>'],
    ...['+34666996699', '+34 (666) 99-66-99', '0034 666 996 699', 'tel:+34666996699;ext=5'],
  ])('%s', (contact) => {
    const payload = { to: contact, rows: [['a', contact], contact], o: { _: contact } };
    expect(withoutPersonal(payload)).toEqual({ rows: [['a']], o: {} });
    // It may be of anyone.
    expect(withoutPersonal(payload, 'A')).toEqual({ rows: [['a']], o: {} });
  });
});

test.each([
  ...[
    '@ada',
    'ada@mail',
    'react@18.2.0',
    'write to ada@mail.example',
    'a@b.example and c@d.example',
  ],
  ...['2026-01-01', '00001234', '+5', '+34 points', '0034', '34666996699'],
])('%s is not removed as a contact', (value) => {
  const payload = { to: value, list: [value] };
  expect(withoutPersonal(payload)).toBe(payload);
});

test('a declared field is not removed as a contact, and the contacts of the owner stay', () => {
  const declared = { user_id: 'ada@mail.example', professional: 1 };
  expect(withoutPersonal(declared)).toBe(declared);
  const own = {
    emails: ['ada@mail.example'],
    email: { user_id: 'A', address: 'ada@mail.example' },
    c: [{ user_id: 'A', type: 'email', value: ['ada@mail.example'] }],
  };
  expect(withoutPersonal(own, 'A')).toBe(own);
});

test('a number in a short list with a label is removed', () => {
  expect(withoutPersonal({ c: ['phone', SECRET, 'home'] })).toEqual({ c: ['phone', 'home'] });
  expect(withoutPersonal({ c: [666996699, 'mobile', 'x', 12] })).toEqual({
    c: ['mobile', 'x', 12],
  });
});

test('personal keys are removed at any depth, in any language', () => {
  const payload = {
    a: [{ telefonoMovil: SECRET, b: { CORREO: SECRET, c: 1 } }],
    userEmail: SECRET,
  };
  expect(withoutPersonal(payload)).toEqual({ a: [{ b: { c: 1 } }] });
});

test("a user sees the user's own contact data beside labels as under keys", () => {
  const payload = {
    type: 'email',
    value: SECRET,
    c: [{ user_id: 'A', type: 'tel', value: SECRET }],
  };
  expect(withoutPersonal(payload, 'A')).toBe(payload);
  expect(withoutPersonal({ c: { type: 'tel', value: SECRET } }, 'A')).toEqual({
    c: { type: 'tel' },
  });
});

test('a payload of many undeclared keys costs neither Unicode forms nor words of each key', () => {
  const keys = Array.from({ length: 67_000 }, (_, index) => `k${index}`);
  const payload = Object.fromEntries(keys.map((key) => [key, key]));
  const spies = [
    vi.spyOn(String.prototype, 'normalize'),
    vi.spyOn(String.prototype, 'match'),
    vi.spyOn(String.prototype, 'replace'),
    vi.spyOn(String.prototype, 'split'),
  ];
  onTestFinished(() => void vi.restoreAllMocks());
  const visible = [withoutPersonal(payload), withoutPersonal(payload, '42A')];
  const calls = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  vi.restoreAllMocks();
  expect(calls).toBe(0);
  expect(visible.every((one) => one === payload)).toBe(true);
});
