import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults in what becomes of events that the database refuses for good. */
export const refusalFaults: readonly PlantedFault[] = [
  fault(
    'forget-to-quarantine-an-entry',
    'log/append/inbox-mover.ts',
    'await quarantine(event).then(',
    'await Promise.resolve().then(',
  ),
  fault(
    'refuse-the-whole-batch',
    'log/append/commit-batch.ts',
    '      rest[0]?.reject(new UnstorableError({ cause: fault }));\n      rest = rest.slice(1);',
    '      for (const one of rest) one.reject(new UnstorableError({ cause: fault }));\n      rest = [];',
  ),
  fault(
    'refuse-the-one-behind-it',
    'log/append/commit-step.ts',
    "return { ...step({ ...progress, width }, { kind: 'insert' }, stored), isRefused: isKnown };",
    "return { ...step({ ...progress, width }, { kind: 'insert' }, stored + 1), isRefused: isKnown };",
  ),
  fault(
    'repeat-a-refused-insert-for-ever',
    'log/append/insert-batch.ts',
    'new Set([2, 14, 15, 22, 52, 121, 10_334])',
    'new Set([2, 14, 15, 22, 52, 10_334])',
  ),
  fault(
    'take-a-refused-entry-for-stored',
    'log/append/insert-inbox.ts',
    'refused.set(one.index, one);',
    'duplicates.add(one.index);',
  ),
  fault(
    'delete-an-entry-that-was-not-quarantined',
    'log/append/inbox-mover.ts',
    '          () => known.set(key, { dueMs: clock.nowMs() }),\n          () => known.delete(key),',
    '          () => known.set(key, { dueMs: clock.nowMs() }),\n          () => known.set(key, { dueMs: clock.nowMs() }),',
  ),
  fault(
    'keep-a-refused-body-under-another-id',
    'log/to-rejected.ts',
    'JSON.stringify(body)',
    'JSON.stringify(body, null, 1)',
  ),
];
