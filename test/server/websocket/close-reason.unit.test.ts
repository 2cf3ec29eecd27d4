import { expect, test } from 'vitest';
import { closeReason } from '../../../src/server/websocket/close-reason.ts';

const ID = '3f9a01c2-0000-4000-8000-000000000000';

test.each([
  ['has all of it', 'Why.', `FORBIDDEN: Why. (${ID})`],
  ['has the id once', `Quote ${ID}.`, `FORBIDDEN: Quote ${ID}.`],
  ['loses the id first', 'x'.repeat(112), `FORBIDDEN: ${'x'.repeat(112)}`],
  ['is cut at the length of a frame', 'x'.repeat(113), `FORBIDDEN: ${'x'.repeat(112)}`],
  ['is counted in bytes', `“${'ñ'.repeat(120)}`, `FORBIDDEN: ${'?'.repeat(112)}`],
])('formats a reason %s', (_, message, reason) => {
  expect(closeReason('FORBIDDEN', message, ID)).toBe(reason);
});
