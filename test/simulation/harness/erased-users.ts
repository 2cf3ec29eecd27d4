import { bytesOf, isStoredBinary } from '../replica-set/stored-form.ts';
import type { Truth } from './truth.ts';
import type { Violations } from './violations.ts';

/** Users whose erasure was requested or confirmed. */
export interface ErasedUsers {
  /** From now on no new delivery names the user; pending ones may. */
  begin(userId: string): void;
  isBegun(userId: string): boolean;
  /** From now on nothing may name the user; checked at once, but for the latest documents. */
  confirm(userId: string): void;
  /** Checks something that was delivered. */
  check(given: unknown, to: string): void;
  /** Checks everything in the database. */
  checkStored(): void;
  /** A restore brings users back; returns those to erase again. */
  restored(): readonly string[];
}

/** What an instance that was stopped stores late is erased soon, as by the first reader of the log. */
const LATE_MS = 5_000;

export function createErasedUsers(
  truth: Truth,
  violations: Violations,
  nowMs: () => number,
): ErasedUsers {
  const begun = new Set<string>();
  const confirmed = new Set<string>();

  function checkStored(untilMs = Number.POSITIVE_INFINITY): void {
    if (confirmed.size === 0) return;
    for (const { collection, document, sinceMs } of truth.documents()) {
      if (sinceMs > untilMs) continue;
      const text = JSON.stringify(document, (_, value) =>
        isStoredBinary(value) ? bytesOf(value).toString() : value,
      );
      for (const userId of confirmed) {
        if (text.includes(userId)) {
          violations.add('erased', `${collection} still names ${userId}: ${text.slice(0, 300)}`);
        }
      }
    }
  }

  return {
    begin: (userId) => void begun.add(userId),
    isBegun: (userId) => begun.has(userId),
    confirm(userId) {
      confirmed.add(userId);
      checkStored(nowMs() - LATE_MS);
    },
    check(given, to) {
      if (confirmed.size === 0) return;
      const text = JSON.stringify(given);
      for (const userId of confirmed) {
        if (text.includes(userId)) violations.add('erased', `${to} was given what names ${userId}`);
      }
    },
    checkStored: () => checkStored(),
    restored() {
      const again = [...confirmed];
      confirmed.clear();
      return again;
    },
  };
}
