import { expect, test } from 'vitest';
import { renderAtMost } from '../../../src/observability/metrics/render-at-most.ts';

/** A renderer that counts its calls, with a clock that only the test moves. */
function open() {
  let now = 5;
  let renderings = 0;
  let fault: Error | undefined;
  const read = renderAtMost(
    1_000,
    async () => {
      renderings += 1;
      if (fault) throw fault;
      return renderings;
    },
    () => now,
  );
  return {
    read,
    pass(ms: number) {
      now += ms;
    },
    fail(error: Error | undefined) {
      fault = error;
    },
  };
}

test('concurrent requests within a second share one rendering, even a pending one', async () => {
  const { read, pass } = open();
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  pass(999);
  expect(await read()).toBe(1);
  pass(1);
  expect(await Promise.all([read(), read()])).toEqual([2, 2]);
});

test('a failed rendering is not shared with later requests', async () => {
  const { read, fail } = open();
  fail(new Error('not now'));
  await expect(read()).rejects.toThrow('not now');
  fail(undefined);
  expect(await read()).toBe(2);
});
