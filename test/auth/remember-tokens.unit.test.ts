import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rememberTokens } from '../../src/auth/remember-tokens.ts';

/** Counts the verifications of each token. */
function counted(claimsOf: (token: string) => { exp: number }) {
  const asked: string[] = [];
  const verify = rememberTokens(async (token) => {
    asked.push(token);
    return claimsOf(token);
  });
  return { asked, verify };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

test('a verified token is cached for some seconds, then verified again', async () => {
  const { asked, verify } = counted(() => ({ exp: inSeconds(3_600) }));
  const first = await verify('one');
  expect(await verify('one')).toEqual(first);
  await verify('two');
  expect(asked).toEqual(['one', 'two']);
  vi.setSystemTime(Date.now() + 5_001);
  await verify('one');
  expect(asked).toEqual(['one', 'two', 'one']);
});

test('a cached token is verified again when it expires or the clock is set back', async () => {
  const exp = inSeconds(-4);
  const { asked, verify } = counted(() => ({ exp }));
  await verify('one');
  await verify('one');
  expect(asked).toEqual(['one']);
  vi.setSystemTime(Date.now() + 2_000);
  await verify('one');
  expect(asked).toEqual(['one', 'one']);
  vi.setSystemTime(Date.now() - 10_000);
  await verify('one');
  expect(asked).toEqual(['one', 'one', 'one']);
});

test('a refused token is not cached', async () => {
  let isGood = false;
  const { asked, verify } = counted(() => {
    if (!isGood) throw new Error('refused');
    return { exp: inSeconds(60) };
  });
  await expect(verify('one')).rejects.toThrow('refused');
  isGood = true;
  await verify('one');
  expect(asked).toEqual(['one', 'one']);
});

test('the cache holds a thousand tokens and evicts the oldest', async () => {
  const { asked, verify } = counted(() => ({ exp: inSeconds(3_600) }));
  for (let token = 0; token <= 1_000; token += 1) await verify(String(token));
  await verify('1');
  expect(asked).toHaveLength(1_001);
  await verify('0');
  expect(asked).toHaveLength(1_002);
});
