import { expect, test } from 'vitest';
import { createStateSet } from './state-set.ts';

test('numbers keys in the order of their first occurrence, however many there are', () => {
  const states = createStateSet();
  const keys = Array.from({ length: 20_000 }, (_, index) => `state ${index}`);
  expect(keys.map((key) => states.add(key).id)).toEqual(keys.map((_, index) => index));
  expect(states.add('state 777')).toEqual({ id: 777, isNew: false });
  expect(states.size()).toBe(20_000);
});
