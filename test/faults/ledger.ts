import type { Delivery } from './delivery.ts';
import type { Findings } from './findings.ts';

export interface Acknowledgement {
  status: 'stored' | 'duplicate';
  id: string;
  /** Absent while the event waits in the inbox. */
  position?: number;
}

/** Records the sender's deliveries and their answers, and reports contradictions. */
export interface Ledger {
  /** Records a delivery that is about to be posted. */
  posted(delivery: Delivery): void;
  acknowledged(delivery: Delivery, answer: Acknowledgement, server: string): void;
  /** Returns the acknowledgement of a delivery. */
  of(index: number): { id: string; position: number | undefined } | undefined;
  /** All posted numbers with this expected outcome. */
  numbers(expects: Delivery['expects']): ReadonlySet<number>;
  acknowledgedCount(): number;
  /** Number of answers `duplicate`. */
  duplicateCount(): number;
}

export function createLedger(findings: Findings): Ledger {
  const posted = {
    acceptance: new Set<number>(),
    'bad-signature': new Set<number>(),
    refusal: new Set<number>(),
  };
  const known = new Map<number, { id: string; position: number | undefined }>();
  let duplicates = 0;
  return {
    posted: ({ index, expects }) => void posted[expects].add(index),
    acknowledged({ index }, { status, id, position }, server) {
      if (status === 'duplicate') duplicates += 1;
      const before = known.get(index);
      if (before === undefined) known.set(index, { id, position });
      else if (before.id === id && before.position === undefined) before.position = position;
      else if (before.id !== id || (position ?? before.position) !== before.position) {
        findings.add(
          'doubled',
          `delivery ${index} is at ${before.position} (${before.id}) and, says ${server}, at ${position} (${id})`,
        );
      }
    },
    of: (index) => known.get(index),
    numbers: (expects) => posted[expects],
    acknowledgedCount: () => known.size,
    duplicateCount: () => duplicates,
  };
}
