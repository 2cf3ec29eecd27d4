import { expect, test } from 'vitest';
import { createReadersCheck } from './check-readers.ts';
import { createEventNumbers } from './event-numbers.ts';
import { createFindings } from './findings.ts';
import type { Reader } from './reader.ts';

const EVENTS = [
  { type: 'message_sent', userId: 'ann' },
  { type: 'message_sent', userId: 'bob' },
  { type: 'app_opened', userId: 'ann' },
  { type: 'installation_created', userId: undefined },
  { type: 'message_sent', userId: 'ann' },
];
const served = EVENTS.map((_, index) => ({ cursor: `c${index + 1}`, id: `i${index + 1}` }));

/** Returns the findings about a reader that received these events, given by their position. */
function findingsOf(options: {
  got: (number | { cursor: string; id: string })[];
  start?: string | undefined;
  types?: string[];
  userIds?: string[];
}) {
  const { got, types, userIds } = options;
  const start = 'start' in options ? options.start : 'c0';
  const findings = createFindings();
  const numbers = createEventNumbers();
  const received = got.map((one) => {
    const event = typeof one === 'number' ? served[one - 1] : one;
    return numbers.of(event ?? { cursor: '', id: '' });
  });
  const planned = { name: 'reader', types, userIds };
  const reader = { planned, startCursor: start, received, doing: 'live' } as unknown as Reader;
  const check = createReadersCheck(
    { events: EVENTS, served },
    { beginning: 'c0', numbers, findings },
  );
  check.check(reader);
  return findings.first();
}

test.each([
  { got: [1, 2, 3, 4, 5] },
  { got: [4, 5], start: 'c3' },
  { got: [], start: 'c5' },
  { got: [1, 2, 5], types: ['message_sent'] },
  { got: [1, 3, 5], userIds: ['ann'] },
  { got: [5], start: 'c1', types: ['message_sent'], userIds: ['ann'] },
  { got: [3, 4, 5], start: undefined },
  { got: [], start: undefined },
])('accepts %j', (options) => {
  expect(findingsOf(options)).toEqual([]);
});

test.each([
  [{ got: [1, 2, 3, 4] }, ['lost: reader never got position 5; it is live']],
  [{ got: [1, 3, 4, 5] }, ['lost: reader never got position 2; it is live']],
  [{ got: [3, 5], start: undefined }, ['lost: reader never got position 4; it is live']],
  [{ got: [1, 2, 2, 3, 4, 5] }, ['doubled: reader: its event 3, position 2, came twice']],
  [{ got: [1, 3, 2, 4, 5] }, ['disordered: reader: its event 3, position 2, came after 3']],
  [
    { got: [3, 4, 5], start: 'c3' },
    ['doubled: reader: its event 1, position 3, lies before its start 3'],
  ],
  [
    { got: [1, 2, 3, 5], userIds: ['ann'] },
    ['wrong: reader: its event 2, position 2, is not what'],
  ],
  [{ got: [5], start: 'x' }, ['wrong: reader started at a place that is not in the log']],
  [
    { got: [1, 2, 3, 4, { cursor: 'c5', id: 'other' }] },
    ['wrong: reader: its event 5, position undefined, is not in the log', 'lost: reader never'],
  ],
])('reports %j', (options, expected) => {
  const found = findingsOf(options);
  expect(found).toHaveLength(expected.length);
  for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
});
