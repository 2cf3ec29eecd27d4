import { expect, test } from 'vitest';
import { defineEvent } from '../../src/catalog/define-event.ts';
import { integer, status, text } from '../../src/catalog/field.ts';
import { collectFilterKeys } from '../../src/catalog/filter-keys.ts';

const define = (fields: Parameters<typeof defineEvent>[0]['fields']) =>
  defineEvent({ name: 'call_ended', description: 'A call has ended.', fields, example: {} });

test('a new event type takes part in filters through its own file alone', () => {
  const ninth = define({
    topic: text('What it was about.', { filter: 'specialities' }),
    professional: integer('Who called.', { filter: 'professionalIds' }),
    minutes: integer('How long.'),
  });
  const { specialities, professionalIds, statuses } = collectFilterKeys([ninth]);
  expect([...specialities]).toEqual([['call_ended', 'topic']]);
  expect([...professionalIds]).toEqual([['call_ended', 'professional']]);
  expect([...statuses]).toEqual([]);
});

test('an event with two values for one filter is refused, since counts would not add up', () => {
  const both = define({
    from_status: status('The previous plan.', { filter: 'statuses' }),
    to_status: status('The new plan.', { filter: 'statuses' }),
  });
  expect(() => collectFilterKeys([both])).toThrow(
    'call_ended: from_status and to_status are both statuses',
  );
});
