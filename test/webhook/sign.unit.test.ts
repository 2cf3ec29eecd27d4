import { expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';

test('gives the HMAC-SHA256 of RFC 4231, test case 2', () => {
  const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  const signature = `sha256=${Buffer.from(hex, 'hex').toString('base64')}`;
  expect(sign('what do ya want for nothing?', 'Jefe')).toBe(signature);
});

test('encodes a string as UTF-8', () => {
  expect(sign('añ€😀', 'secret')).toBe(sign(Buffer.from('añ€😀'), 'secret'));
});
