import type { World } from './world.ts';

/**
 * Lets virtual time pass until a promise has settled.
 *
 * @throws Error when that takes longer than `maxMs`, and what the promise is rejected with
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
