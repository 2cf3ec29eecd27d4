import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createShortHmac } from '../../../src/log/read/short-hmac.ts';

test("it equals Node's HMAC-SHA256, for keys and messages of all lengths, repeatedly", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.integer({ min: 0, max: 80 }),
      fc.array(fc.uint8Array({ minLength: 80, maxLength: 100 }), { minLength: 1, maxLength: 3 }),
      (key, messageBytes, messages) => {
        const hmac = createShortHmac(key, messageBytes);
        for (const message of messages) {
          const expected = createHmac('sha256', key).update(message.subarray(0, messageBytes));
          expect(hmac(message)).toEqual(expected.digest());
        }
      },
    ),
  );
});

test('a key longer than a block is refused, since it would be hashed', () => {
  expect(() => createShortHmac(Buffer.alloc(65), 6)).toThrow(RangeError);
});
