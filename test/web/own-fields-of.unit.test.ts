import { expect, test } from 'vitest';
import { ownFieldsOf } from '../../web/src/event/own-fields-of.ts';

type Event = Parameters<typeof ownFieldsOf>[0];

test('a plan is named as elsewhere on the page, with the code of the sender', () => {
  const changed = { fromStatus: 'FREE', fromStatusCode: 0, toStatus: 'UNKNOWN', toStatusCode: 9 };
  expect(ownFieldsOf(changed as unknown as Event, [])).toEqual([
    ['From status', 'free (0)'],
    ['To status', 'unknown (9)'],
  ]);
});

test('other codes are fields of their own', () => {
  const installed = { osName: 'ios', languageCode: 'es', countryCode: null };
  expect(ownFieldsOf(installed as unknown as Event, [])).toEqual([
    ['OS name', 'ios'],
    ['Language code', 'es'],
    ['Country code', '–'],
  ]);
});
