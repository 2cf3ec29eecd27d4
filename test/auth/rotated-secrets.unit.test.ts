import { describe, expect, test } from 'vitest';
import { createVerify } from '../../src/auth/create-verify.ts';
import { signToken } from '../../src/auth/sign-token.ts';

const NEW = 'n'.repeat(32);
const OLD = 'o'.repeat(32);
const verify = createVerify({ keys: { secrets: [NEW, OLD] }, audience: 'eventline' });
const token = (secret: string, expires = '2h', audience = 'eventline') =>
  signToken(secret, { scope: 'events:read', audience }, expires);

describe('with several secrets', () => {
  test.each([
    ['first', NEW],
    ['last', OLD],
  ])('a token of the %s one is valid', async (_, secret) => {
    expect(await verify(await token(secret))).toMatchObject({ scope: 'events:read' });
  });

  test.each([
    ['of none of them', () => token('x'.repeat(32)), /not signed with a key of this server/],
    ['of the last one that has expired', () => token(OLD, '10 seconds ago'), /has expired/],
    ['of the last one for another audience', () => token(OLD, '2h', 'x'), /claim "aud"/],
  ])('a token %s is refused', async (_, sign, said) => {
    await expect(sign().then(verify)).rejects.toThrow(said);
  });

  test('each must be long enough', () => {
    expect(() => createVerify({ keys: { secrets: [NEW, 'short'] } })).toThrow('32 bytes');
  });
});
