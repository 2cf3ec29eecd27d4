import { expect, test } from 'vitest';
import { erasedEvent } from '../../../src/catalog/erased/erased-event.ts';
import { parsedEvent } from '../../utils/parsed-event.ts';

const pseudonyms = { user: 'erased-user', uuid: () => '00000000-0000-4000-8000-000000000000' };

function erasedType(type: string): string {
  const body = {
    type,
    occurred_on: '2024-01-01T00:00:00Z',
    payload: { user_id: '48213377K', note: 'x' },
  };
  return erasedEvent(parsedEvent(Buffer.from(JSON.stringify(body)), new Date()), pseudonyms)
    .typeName;
}

test.each([
  'about_48213377K',
  'ada.l+news@mail.example',
  'welcome ada@mail.example',
  'welcome_ada%40mail.example',
  'call +34 666 99 66 99',
  'sms_666996699',
])('the type name %s of an erased event becomes unknown', (type) => {
  expect(erasedType(type)).toBe('unknown');
});

test.each(['app_opened', 'coupon_redeemed', 'survey_v2', 'app_opened_2024'])(
  'the type name %s of an erased event stays',
  (type) => {
    expect(erasedType(type)).toBe(type);
  },
);
