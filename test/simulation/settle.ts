import type { World } from './world.ts';

/**
 * Advances virtual time until a promise has settled.
 *
 * @throws Error if that takes longer than `maxMs`, or the promise's error
 */
export async function settle<T>(
  { time }: Pick<World, 'time'>,
  promise: Promise<T>,
  maxMs = 60_000,
): Promise<T> {
  let isSettled = false;
  const watched = promise.finally(() => {
    isSettled = true;
  });
  watched.catch(() => undefined);
  if (!(await time.until(() => isSettled, maxMs))) throw new Error('it did not settle in time');
  return watched;
}
