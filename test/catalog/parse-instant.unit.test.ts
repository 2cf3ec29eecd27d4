import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../src/catalog/parse-instant.ts';

describe('accepts', () => {
  test.each([
    // The two notations in the sender's documentation: the documented one and the one in its examples.
    ['2021-09-14T15:55:12+0000', '2021-09-14T15:55:12Z'],
    ['2021-09-14T15:55:12.642+00:00', '2021-09-14T15:55:12.642Z'],
    ['2021-09-14T15:55:12Z', '2021-09-14T15:55:12Z'],
    ['2021-09-14t15:55:12z', '2021-09-14T15:55:12Z'],
    ['2021-09-14T15:55:12-00:00', '2021-09-14T15:55:12Z'],
    ['2021-09-14T15:55:12+02', '2021-09-14T13:55:12Z'],
    ['2021-09-14T15:55:12-0530', '2021-09-14T21:25:12Z'],
    ['2021-12-31T23:59:59.9-00:01', '2022-01-01T00:00:59.9Z'],
    ['2021-09-14T15:55:12+23:59', '2021-09-13T15:56:12Z'],
    ['2021-09-14T15:55:12.000Z', '2021-09-14T15:55:12Z'],
    ['2021-09-14T15:55:12.6420Z', '2021-09-14T15:55:12.642Z'],
    ['2021-09-14T15:55:12.123456789012Z', '2021-09-14T15:55:12.123456789012Z'],
    ['2020-02-29T00:00:00Z', '2020-02-29T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0000-12-31T23:59:59-00:01', '0001-01-01T00:00:59Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['20210914T155512Z', '2021-09-14T15:55:12Z'],
    ['+002021-09-14T15:55:12Z', '2021-09-14T15:55:12Z'],
    ['2021-09-14T15:55:12+01:00:10', '2021-09-14T14:55:02Z'],
    ['2021-12-31T24:00:00.000Z', '2022-01-01T00:00:00Z'],
    [' \t2021-09-14T15:55:12Z\n', '2021-09-14T15:55:12Z'],
  ])('%s', (text, canonical) => {
    const instant = parseInstant(text);
    expect(instant?.canonical).toBe(canonical);
    expect(instant?.epochMs).toBe(Date.parse(canonical));
  });
});

describe('refuses', () => {
  test.each([
    ['no offset', '2021-09-14T15:55:12'],
    ['no time', '2021-09-14'],
    ['a point without digits', '2021-09-14T15:55:12.Z'],
    ['a day that is not', '2021-02-30T00:00:00Z'],
    ['29 February in a common year', '2100-02-29T00:00:00Z'],
    ['day 0', '2021-09-00T00:00:00Z'],
    ['month 0', '2021-00-01T00:00:00Z'],
    ['month 13', '2021-13-01T00:00:00Z'],
    ['hour 24 and a fraction', '2021-09-14T24:00:00.001Z'],
    ['hour 24 of the last day', '9999-12-31T24:00:00Z'],
    ['hour 24 of a day that is not', '2021-02-29T24:00:00Z'],
    ['minute 60', '2021-09-14T15:60:00Z'],
    ['a leap second within a month', '2016-12-30T23:59:60Z'],
    ['a leap second in another minute', '2016-12-31T23:58:60Z'],
    ['second 61', '2016-12-31T23:59:61Z'],
    ['an offset of 24 hours', '2021-09-14T15:55:12+24:00'],
    ['an offset with minute 60', '2021-09-14T15:55:12+01:60'],
    ['an offset of one digit', '2021-09-14T15:55:12+1'],
    ['an offset with second 60', '2021-09-14T15:55:12+01:00:60'],
    ['a named zone', '2021-09-14T15:55:12CET'],
    ['a zone behind Z', '2021-09-14T15:55:12Z+00:00'],
    ['a year of five digits', '12021-09-14T15:55:12Z'],
    ['a year with a minus', '-002021-09-14T15:55:12Z'],
    ['the year 0', '0000-12-31T23:59:59Z'],
    ['a UTC year before 0000', '0000-01-01T00:00:00+00:01'],
    ['a UTC year 0', '0001-01-01T00:00:00+00:01'],
    ['a UTC year after 9999', '9999-12-31T23:59:59-00:01'],
    ['digits of another script', '２０２１-09-14T15:55:12Z'],
    ['a number of seconds', '1631634912'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

test('a leap second is the second before it in milliseconds, and itself in the canonical form', () => {
  for (const text of ['2016-12-31T23:59:60.25Z', '2017-01-01T05:29:60.250+05:30']) {
    expect(parseInstant(text)).toEqual({
      epochMs: Date.parse('2016-12-31T23:59:59.250Z'),
      canonical: '2016-12-31T23:59:60.25Z',
    });
  }
});

test('rounds milliseconds down, also before 1970', () => {
  expect(parseInstant('1970-01-01T00:00:00.0019Z')?.epochMs).toBe(1);
  expect(parseInstant('1969-12-31T23:59:59.9999Z')?.epochMs).toBe(-1);
  expect(parseInstant('1969-12-31T23:59:59.9981Z')?.epochMs).toBe(-2);
});

test('reads a fraction of a million digits in one pass', () => {
  const digits = `${'0'.repeat(1_000_000)}1`;
  expect(parseInstant(`2021-09-14T15:55:12.${digits}Z`)?.canonical).toHaveLength(1_000_022);
});

const DAY_MS = 86_400_000;
const two = (number: number) => String(number).padStart(2, '0');
const offsetForms = [
  (sign: string, hours: number, minutes: number) => `${sign}${two(hours)}:${two(minutes)}`,
  (sign: string, hours: number, minutes: number) => `${sign}${two(hours)}${two(minutes)}`,
];

const writtenInstant = fc
  .record({
    // One day inside both ends, so that no offset leaves the years 0001 to 9999.
    second: fc.integer({
      min: (Date.parse('0001-01-01T00:00:00Z') + DAY_MS) / 1000,
      max: (Date.parse('9999-12-31T00:00:00Z') - DAY_MS) / 1000,
    }),
    digits: fc.stringMatching(/^\d{0,12}$/),
    offsetMin: fc.integer({ min: -1439, max: 1439 }),
    form: fc.constantFrom(...offsetForms),
  })
  .map(({ second, digits, offsetMin, form }) => {
    const local = new Date(second * 1000 + offsetMin * 60_000).toISOString().slice(0, 19);
    const size = Math.abs(offsetMin);
    const offset = form(offsetMin < 0 ? '-' : '+', Math.floor(size / 60), size % 60);
    return { second, digits, text: `${local}${digits === '' ? '' : `.${digits}`}${offset}` };
  });

test('returns the same instant for any offset and notation', () => {
  fc.assert(
    fc.property(writtenInstant, ({ second, digits, text }) => {
      const fraction = digits.replace(/0+$/, '');
      const utc = new Date(second * 1000).toISOString().slice(0, 19);
      expect(parseInstant(text)).toEqual({
        epochMs: Date.parse(`${utc}.${digits.padEnd(3, '0').slice(0, 3)}Z`),
        canonical: `${utc}${fraction === '' ? '' : `.${fraction}`}Z`,
      });
    }),
    { numRuns: 1000 },
  );
});

test('leaves a canonical text unchanged', () => {
  fc.assert(
    fc.property(writtenInstant, ({ text }) => {
      const once = parseInstant(text);
      expect(parseInstant(once?.canonical ?? '')).toEqual(once);
    }),
  );
});

test('accepts a date if and only if it is in the calendar', () => {
  const year = fc.integer({ min: 1, max: 9999 });
  fc.assert(
    fc.property(year, fc.nat({ max: 13 }), fc.nat({ max: 32 }), (yyyy, month, day) => {
      const date = new Date(0);
      date.setUTCFullYear(yyyy, month - 1, day);
      const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
      const text = `${String(yyyy).padStart(4, '0')}-${two(month)}-${two(day)}T12:00:00Z`;
      expect(parseInstant(text) !== undefined).toBe(exists);
    }),
    { numRuns: 1000 },
  );
});
