import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults of the writer lease and the inbox. */
export const leaseFaults: readonly PlantedFault[] = [
  fault(
    'accept-before-majority',
    'log/append/insert-inbox.ts',
    'writeConcern: DURABLE',
    'writeConcern: { w: 1, journal: true }',
  ),
  fault(
    'trust-write-concern-errors-of-the-inbox',
    'log/append/insert-inbox.ts',
    'if (failed.length === 0 || error.result.getWriteConcernError() !== undefined)',
    'if (failed.length === 0 && error.result.getWriteConcernError() === undefined)',
  ),
  fault(
    'take-unclear-entries-for-stored',
    'log/append/insert-inbox.ts',
    "      return { kind: 'unclear', error };\n    }\n    const duplicates",
    "      return { kind: 'answered', duplicates: new Set(), refused: new Map() };\n    }\n    const duplicates",
  ),
  fault(
    'find-duplicates-before-majority',
    'log/append/resolve-duplicates.ts',
    "{ projection, readConcern: { level: 'majority' } }",
    "{ projection, readConcern: { level: 'local' } }",
  ),
  fault(
    'delete-entries-that-were-given-back',
    'log/append/move-step.ts',
    "return position === undefined ? 'open' : 'in-log';",
    "return status === undefined ? 'open' : 'in-log';",
  ),
  fault(
    'delete-entries-before-the-append',
    'log/append/inbox-mover.ts',
    '    known.set(key, undefined);\n',
    '    known.set(key, { dueMs: clock.nowMs() });\n',
  ),
  fault(
    'delete-entries-that-failed',
    'log/append/move-step.ts',
    "return error instanceof UnstorableError ? 'refused' : 'open';",
    "return error instanceof UnstorableError ? 'refused' : 'in-log';",
  ),
  fault(
    'delete-moved-entries-at-once',
    'log/append/move-step.ts',
    "return { kind: 'delete', afterMs: KEEP_MOVED_MS };",
    "return { kind: 'delete', afterMs: 0 };",
  ),
  fault(
    'insert-without-a-look-into-the-log',
    'log/append/commit-to-inbox.ts',
    '    rest = await resolveDuplicates(log, rest);\n    rest = await resolveCleaned(rest);\n',
    '',
  ),
  fault(
    'look-into-the-log-only-once',
    'log/append/inbox-step.ts',
    'mustLookAgain: tookMs > KEEP_MOVED_MS / 2,',
    'mustLookAgain: false,',
  ),
  fault(
    'forget-what-was-accepted-before',
    'log/append/commit-batch.ts',
    "const status = one.isRepeat ? 'duplicate' : 'stored';",
    "const status = 'stored' as const;",
  ),
  fault(
    'move-by-notifications-alone',
    'log/append/inbox-mover.ts',
    '      await deleteMoved().catch(() => undefined);\n      listAgain();\n',
    '      await deleteMoved().catch(() => undefined);\n',
  ),
  fault(
    'forget-the-rest-of-a-lost-race',
    'log/append/appender.ts',
    'waiting = [...done.rest, ...waiting];',
    'waiting = done.isRaceLost ? waiting : [...done.rest, ...waiting];',
  ),
  fault(
    'take-a-lease-at-sight',
    'log/append/writer-lease-step.ts',
    '(isUnchanged && sentMs - state.sinceMs >= times.takeOverMs)',
    'sentMs - state.sinceMs >= 0',
  ),
  fault(
    'take-a-lease-by-its-holder-alone',
    'log/append/writer-lease-step.ts',
    'return one?.holder === other.holder && isDeepStrictEqual(one?.counter, other.counter);',
    'return one?.holder === other.holder;',
  ),
  fault(
    'hold-on-after-a-loss',
    'log/append/writer-lease-step.ts',
    "      return watchFrom(undefined, context, state.phase === 'holding' ? 0 : times.retryMs);",
    "      if (state.phase === 'holding') return { state: { ...state, confirmedMs: sentMs }, action: { kind: 'renew', afterMs: times.renewMs } };\n      return watchFrom(undefined, context, times.retryMs);",
  ),
  fault(
    'hold-on-without-an-answer',
    'log/append/writer-lease-step.ts',
    "return state.phase === 'holding' && nowMs - state.confirmedMs <= trustMs;",
    "return state.phase === 'holding' && nowMs - state.confirmedMs <= 10 * trustMs;",
  ),
  fault(
    'never-take-over',
    'log/append/writer-lease-step.ts',
    '  takeOverMs: 2_500,',
    '  takeOverMs: 2_500_000,',
  ),
  fault(
    'renew-the-lease-of-another',
    'log/append/writer-lease.ts',
    "              { _id: 'writer', holder: self },\n              { $set",
    "              { _id: 'writer' },\n              { $set",
  ),
  fault(
    'fill-the-inbox-without-a-limit',
    'log/append/inbox-depth.ts',
    'isFull: () => events >= maxEvents,',
    'isFull: () => events >= 100 * maxEvents,',
  ),
];
