import type { KnownErasures } from './erasures.ts';

/** What a read brings, unless somebody was erased meanwhile: then it is done once more. */
export async function readAtStableEpoch<T>(
  erasures: Pick<KnownErasures, 'ensureFresh' | 'epoch'> | undefined,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    await erasures?.ensureFresh();
    const epoch = erasures?.epoch();
    const result = await work();
    await erasures?.ensureFresh();
    if (erasures?.epoch() === epoch) return result;
  }
}
