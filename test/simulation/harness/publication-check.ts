import type { Progress } from './progress.ts';
import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** Checks what one instance publishes. */
export interface PublicationCheck {
  /** Checks that it starts behind an event that a majority has. */
  start(head: number): void;
  /** Checks that it publishes every event once, in order, when a majority has it. */
  publish(position: number): void;
}

export function createPublicationCheck(
  name: string,
  { truth, progress, violations }: { truth: Truth; progress: Progress; violations: Violations },
): PublicationCheck {
  /** Undefined until the first event, which tells where it started. */
  let last: number | undefined;

  /** A restore takes back what a majority had. */
  function checkDurable(position: number, what: string): void {
    if (progress.restores > 0 || position <= truth.head()) return;
    violations.add('stored', `${name} ${what} ${position}, which no majority has`);
  }

  return {
    start: (head) => checkDurable(head, 'starts behind'),
    publish(position) {
      checkDurable(position, 'published');
      if (last !== undefined) {
        if (position <= last) {
          violations.add('order', `${name} published ${position} behind ${last}`);
        }
        for (let missed = Math.max(last, truth.removedUpTo()) + 1; missed < position; missed += 1) {
          if (truth.at(missed)) violations.add('once', `${name} did not publish ${missed}`);
        }
      }
      last = position;
    },
  };
}
