import { expect, test } from 'vitest';
import type { StreamEvent } from '../../web/src/documents/list.ts';
import { summaryOf } from '../../web/src/stream/summary-of.ts';

const common = {
  ...{ id: 'id', cursor: 'c', occurredOn: '2026-01-01T00:00:00Z' },
  ...{ userId: 'u', installationId: null },
};

function readOf(messageId: string): StreamEvent {
  return {
    ...common,
    ...{ __typename: 'MessageRead', type: 'MESSAGE_READ', typeName: 'message_read' },
    ...{ messageId, speciality: 'work', professionalId: 7 },
  };
}

test('the events of the message that a page is about are told from those of others', () => {
  expect(summaryOf(readOf('m1'), 'm1')).toBe('this message · work · professional 7');
  expect(summaryOf(readOf('m2'), 'm1')).toBe('work · professional 7 · message m2');
  // In the stream no message is special, not even one without an id.
  const long = 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e';
  expect(summaryOf(readOf(long))).toBe('work · professional 7 · message eda7c7ba');
  const opened: StreamEvent = {
    ...common,
    ...{ __typename: 'AppOpened', type: 'APP_OPENED', typeName: 'app_opened' },
  };
  expect(summaryOf(opened)).toBe('');
});
