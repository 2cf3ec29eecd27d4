import type { Fields } from '../replica-set/stored-form.ts';
import type { World } from '../world.ts';
import type { Violations } from './violations.ts';

/** A lease renewed more recently than this must not be taken, in milliseconds. */
const RENEWED_MS = 2_000;
/**
 * How long two instances may believe that they hold it, since one may not notice the loss at once.
 */
const OVERLAP_MS = 9_000;

/** Checks the changes of the writer lease's document. */
export interface LeaseWatch {
  onChange(before: Fields | undefined, after: Fields | undefined): void;
}

export function createLeaseWatch(
  { time }: Pick<World, 'time'>,
  violations: Violations,
): LeaseWatch {
  let changedMs = Number.NEGATIVE_INFINITY;
  return {
    onChange(before, after) {
      const ageMs = time.nowMs() - changedMs;
      changedMs = time.nowMs();
      const [held, taken] = [before?.holder ?? null, after?.holder ?? null];
      if (held === null || taken === null || held === taken || ageMs >= RENEWED_MS) return;
      violations.add('lease', `it was taken ${ageMs} ms after its last renewal`);
    },
  };
}

/** Checks which instances believe that they hold the lease; called about once a second. */
export function createHolderWatch({ time }: Pick<World, 'time'>, violations: Violations) {
  /** Since when two instances have held it together. */
  let sinceMs = new Map<string, number>();
  return (holders: readonly string[]): void => {
    const nowMs = time.nowMs();
    const pairs = holders.flatMap((one, index) =>
      holders.slice(index + 1).map((other) => `${one} and ${other}`),
    );
    sinceMs = new Map(pairs.map((pair) => [pair, sinceMs.get(pair) ?? nowMs]));
    for (const [pair, startMs] of sinceMs) {
      if (nowMs - startMs < OVERLAP_MS) continue;
      violations.add('lease', `${pair} hold it for ${OVERLAP_MS} ms`);
    }
  };
}
