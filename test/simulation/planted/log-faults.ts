import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults of the log: appending, retention and restore. */
export const logFaults: readonly PlantedFault[] = [
  fault(
    'acknowledge-before-majority',
    'log/append/insert-batch.ts',
    'writeConcern: DURABLE,',
    'writeConcern: { w: 1, journal: true },',
  ),
  fault('unordered-insert', 'log/append/insert-batch.ts', 'ordered: true,', 'ordered: false,'),
  fault(
    'trust-write-concern-errors',
    'log/append/insert-batch.ts',
    `    const [failed] = [error.writeErrors].flat();
    // Documents before the failed one are stored; they are durable only if the write concern
    // succeeded.
    const durable = error.result.getWriteConcernError() === undefined;
    if (failed === undefined || !durable)`,
    `    const [failed] = error.result.getWriteErrors();
    if (failed === undefined)`,
  ),
  fault(
    'take-unclear-for-stored',
    'log/append/insert-batch.ts',
    "if (failed === undefined || !durable) return { kind: 'unclear', error };",
    "if (failed === undefined || !durable) return { kind: 'all' };",
  ),
  fault(
    'take-lost-race-for-duplicate',
    'log/append/insert-batch.ts',
    "? 'race-lost' : 'repeat'",
    "? 'repeat' : 'race-lost'",
  ),
  fault(
    'count-one-too-many-as-stored',
    'log/append/insert-batch.ts',
    'return { kind, stored: failed.index };',
    'return { kind, stored: failed.index + 1 };',
  ),
  fault(
    'append-behind-local-head',
    'log/read/find-head.ts',
    "{ projection: { _id: 0, position: 1 }, readConcern: { level: 'majority' } },",
    "{ projection: { _id: 0, position: 1 }, readConcern: { level: 'local' } },",
  ),
  fault(
    'take-election-for-restore',
    'log/read/is-in-log.ts',
    "readConcern: { level: 'linearizable' },",
    "readConcern: { level: 'majority' },",
  ),
  fault(
    'append-behind-restored-log',
    'log/read/find-head.ts',
    'if (from > logState.floor() && !found.has(from)) await refuseMissing(events, from);',
    '',
  ),
  fault(
    'drop-unresolved-duplicates',
    'log/append/resolve-duplicates.ts',
    'if (document === undefined) return true;',
    "if (document === undefined) { one.resolve({ status: 'stored', position: 0 }); return false; }",
  ),
  fault(
    'keep-the-first-watermarks',
    'log/state/log-state.ts',
    'watermarks = { removedUpTo, gaps, isClosed };',
    'if (watermarks.removedUpTo === 0) watermarks = { removedUpTo, gaps, isClosed };',
  ),
  fault(
    'believe-watermarks-before-majority',
    'log/state/log-state.ts',
    "{ readConcern: { level: 'majority' } }",
    "{ readConcern: { level: 'local' } }",
  ),
  fault(
    'reuse-positions-after-a-restore',
    'log/state/log-state.ts',
    'for (const { after, upTo } of watermarks.gaps) if (last >= after && last < upTo) last = upTo;',
    '',
  ),
  fault(
    'leave-the-log-open-in-a-restore',
    'log/declare-restored.ts',
    'const upTo = Math.max(head, beyondHead.at(-1) ?? 0) + skip;',
    'const upTo = Math.max(head, beyondHead.at(-1) ?? 0);',
  ),
  fault(
    'remove-one-too-many',
    'log/remove-announced.ts',
    'position: { $gt: low, $lte: upTo },',
    'position: { $gt: low, $lte: upTo + 1 },',
  ),
];
