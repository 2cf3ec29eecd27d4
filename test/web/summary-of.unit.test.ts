import { expect, test } from 'vitest';
import type { StreamEvent } from '../../web/src/documents/list.ts';
import { summaryOf } from '../../web/src/stream/summary-of.ts';

const about = (messageId: string) =>
  ({ __typename: 'MessageRead', messageId, speciality: 'work', professionalId: 7 }) as StreamEvent;

test('the events of the message that a page is about are told from those of others', () => {
  expect(summaryOf(about('m1'), 'm1')).toBe('this message · work · professional 7');
  expect(summaryOf(about('m2'), 'm1')).toBe('work · professional 7');
  // In the stream no message is special, not even one without an id.
  expect(summaryOf(about('m1'))).toBe('work · professional 7');
  expect(summaryOf({ __typename: 'AppOpened' } as StreamEvent)).toBe('');
});
