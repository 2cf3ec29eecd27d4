import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { rememberTokens } from '../../src/auth/remember-tokens.ts';

/** Counts how often each token is verified. */
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

test('a token is verified once for some seconds, and then again', async () => {
  const { asked, verify } = counted(() => ({ exp: inSeconds(3_600) }));
  const first = await verify('one');
  expect(await verify('one')).toEqual(first);
  await verify('two');
  expect(asked).toEqual(['one', 'two']);
  vi.setSystemTime(Date.now() + 5_001);
  await verify('one');
  expect(asked).toEqual(['one', 'two', 'one']);
});

test('one whose time is over, or whose clock was put back, is verified again', async () => {
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

test('what was refused is asked again', async () => {
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

test('a thousand are remembered, and the first of more is forgotten', async () => {
  const { asked, verify } = counted(() => ({ exp: inSeconds(3_600) }));
  for (let token = 0; token <= 1_000; token += 1) await verify(String(token));
  await verify('1');
  expect(asked).toHaveLength(1_001);
  await verify('0');
  expect(asked).toHaveLength(1_002);
});
