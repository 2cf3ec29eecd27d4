import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventStreamParser } from '../../src/client/event-stream-parser.ts';

function parse(pieces: string[]) {
  const parser = createEventStreamParser();
  const messages = [];
  for (const piece of pieces) {
    parser.push(piece);
    for (let message = parser.next(); message; message = parser.next()) messages.push(message);
  }
  return messages;
}

test.for(['\n', '\r\n'])('a stream with %j is parsed the same, however it is split', (end) => {
  const text = [
    ':',
    '',
    'event: next',
    'data: {"a":1}',
    '',
    ': ping',
    '',
    'event: complete',
    '',
    '',
  ];
  const whole = text.join(end);
  const messages = [
    { event: 'next', data: '{"a":1}' },
    { event: 'complete', data: '' },
  ];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: whole.length })), (places) => {
      const cuts = [0, ...places.sort((one, other) => one - other), whole.length];
      const pieces = cuts.slice(1).map((cut, index) => whole.slice(cuts[index], cut));
      expect(parse(pieces)).toEqual(messages);
    }),
    { seed: 6 },
  );
});

test('data lines are joined, and an incomplete message is dropped', () => {
  expect(parse(['event: next\ndata:a\ndata: b\nid: 7\n\nevent: next\ndata: half'])).toEqual([
    { event: 'next', data: 'a\nb' },
  ]);
});

test('a line may contain line ends of other standards', () => {
  const data = '{"text":"one\u2028two\u2029three\u0085"}';
  expect(parse([`event: next\r\ndata: ${data}\r\n\r\n`])).toEqual([{ event: 'next', data }]);
});
