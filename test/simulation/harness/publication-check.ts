import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** Checks that an instance publishes every event once, in order. @param name of the instance */
export function createPublicationCheck(
  name: string,
  { truth, violations }: { truth: Truth; violations: Violations },
): (position: number) => void {
  /** Undefined until the first event, which tells where it started. */
  let last: number | undefined;
  return (position) => {
    if (last !== undefined) {
      if (position <= last) violations.add('order', `${name} published ${position} behind ${last}`);
      for (let missed = Math.max(last, truth.removedUpTo()) + 1; missed < position; missed += 1) {
        if (truth.at(missed)) violations.add('once', `${name} did not publish ${missed}`);
      }
    }
    last = position;
  };
}
