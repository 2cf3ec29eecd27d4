import { expect, test } from 'vitest';
import { withEnd, wrapIterator } from '../../../src/server/graphql/wrap-iterator.ts';

const DONE = { done: true, value: undefined };

/** A source of 1, 2 … that fails at one of them, if asked to. */
function count({ to = Number.POSITIVE_INFINITY, failsAt = 0, returnFails = false } = {}) {
  const calls: string[] = [];
  let last = 0;
  const source: AsyncIterableIterator<number> = {
    async next() {
      last += 1;
      calls.push('next');
      if (last === failsAt) throw new Error('broken');
      return last > to ? { done: true, value: undefined } : { done: false, value: last };
    },
    async return() {
      calls.push('return');
      if (returnFails) throw new Error('not to be seen');
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => source,
  };
  let ends = 0;
  function onEnd(): void {
    ends += 1;
  }
  return { source, calls, ends: () => ends, onEnd };
}

test('maps each value, also by a promise, and says before each `next` that the last is processed', async () => {
  const { source, calls, onEnd, ends } = count({ to: 2 });
  const wrapped = wrapIterator(source, {
    onNext: () => calls.push('on next'),
    map: (value) => (value === 1 ? 'one' : Promise.resolve('two')),
    onEnd,
  });
  const values: string[] = [];
  for await (const value of wrapped) values.push(value);
  expect(values).toEqual(['one', 'two']);
  expect(calls).toEqual(['on next', 'next', 'on next', 'next', 'on next', 'next']);
  expect(ends()).toBe(1);
  await wrapped.return?.();
  expect(ends()).toBe(1);
});

test('without a map the values are those of the source', async () => {
  const { source } = count();
  expect(await wrapIterator(source, {}).next()).toEqual({ done: false, value: 1 });
});

test('`return` ends the source', async () => {
  const { source, calls, onEnd, ends } = count();
  const wrapped = wrapIterator(source, { onEnd });
  await wrapped.next();
  expect(await wrapped.return?.()).toEqual(DONE);
  expect([calls, ends()]).toEqual([['next', 'return'], 1]);
});

test.each([
  ['the source', { failsAt: 2 }, undefined],
  ['the map', {}, new Error('broken')],
  ['the map, and then `return`,', { returnFails: true }, new Error('broken')],
])('an error of %s ends the iterator and its source, and is mapped', async (_, options, error) => {
  const { source, calls, onEnd, ends } = count(options);
  const wrapped = wrapIterator(source, {
    map(value) {
      if (value === 2 && error) throw error;
      return value;
    },
    mapError: (cause) => new Error('masked', { cause }),
    onEnd,
  });
  await wrapped.next();
  await expect(wrapped.next()).rejects.toMatchObject({
    message: 'masked',
    cause: { message: 'broken' },
  });
  expect([calls, ends()]).toEqual([['next', 'next', 'return'], 1]);
});

test.each([
  ['of its own', true],
  ['of another one', false],
])('calls every end of an iterator %s once', async (_, isOwn) => {
  const { source, onEnd, ends } = count({ to: 1 });
  const told: string[] = [];
  const first = isOwn ? wrapIterator(source, { onEnd }) : source;
  const second = withEnd(first, () => told.push('second'));
  const third = withEnd(second, () => told.push('third'));
  expect(third).toBe(second);
  expect(second === first).toBe(isOwn);
  const values: number[] = [];
  for await (const value of third) values.push(value);
  await third.return?.();
  expect({ values, told, ends: ends() }).toEqual({
    values: [1],
    told: ['second', 'third'],
    ends: isOwn ? 1 : 0,
  });
});
