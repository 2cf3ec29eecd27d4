import type { KnownErasures } from './erasures.ts';

/** What a read brings, unless somebody was erased meanwhile: then it is done once more. */
export async function ofOneEpoch<T>(
  erasures: Pick<KnownErasures, 'fresh' | 'epoch'> | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    await erasures?.fresh();
    const epoch = erasures?.epoch();
    const result = await work();
    await erasures?.fresh();
    if (erasures?.epoch() === epoch) return result;
  }
}
