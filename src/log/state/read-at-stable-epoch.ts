import type { KnownErasures } from './erasures.ts';

/** Runs a read and repeats it if a user was erased in the meantime. */
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
