/** A fault that the simulation must find: a text in the sources, and its replacement. */
export interface PlantedFault {
  name: string;
  file: string;
  search: string;
  replace: string;
}

function fault(name: string, file: string, search: string, replace: string): PlantedFault {
  return { name, file: `src/${file}`, search, replace };
}

/** Each is planted alone. All of them compile. */
export const plantedFaults: readonly PlantedFault[] = [
  fault(
    'acknowledge-before-majority',
    'log/append/insert-batch.ts',
    "writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS },",
    'writeConcern: { w: 1, journal: true },',
  ),
  fault('unordered-insert', 'log/append/insert-batch.ts', 'ordered: true,', 'ordered: false,'),
  fault(
    'trust-write-concern-errors',
    'log/append/insert-batch.ts',
    'if (failed === undefined || !durable)',
    'if (failed === undefined)',
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
    'if (from > bounds.floor() && !found.has(from)) await refuseMissing(events, from);',
    '',
  ),
  fault(
    'drop-unresolved-duplicates',
    'log/append/resolve-duplicates.ts',
    'if (document === undefined) return true;',
    "if (document === undefined) { entry.resolve({ status: 'stored', position: 0 }); return false; }",
  ),
  fault(
    'wait-for-ever-in-quarantine',
    'storage/concerns.ts',
    'wtimeoutMS: MAJORITY_TIMEOUT_MS,',
    '',
  ),
  fault(
    'keep-nothing-in-quarantine',
    'log/quarantine.ts',
    "if (erasures?.forbids(rejected.rawBody)) return 'erased';",
    '',
  ),
  fault(
    'publish-out-of-order',
    'log/tail/log-tailer.ts',
    '          if (event.position === nextPosition()) publish(event);',
    '          publish(event);',
  ),
  fault(
    'publish-what-was-published',
    'log/tail/log-tailer.ts',
    'if (position <= known) return false;',
    'published = Math.min(published, position - 1);',
  ),
  fault(
    'skip-the-gap',
    'log/tail/log-tailer.ts',
    'const span = { after: published, upTo: Math.min(known, published + GAP_PAGE) };',
    'const span = { after: published + 1, upTo: Math.min(known, published + GAP_PAGE) };',
  ),
  fault(
    'forget-the-last-of-a-turn',
    'log/tail/log-tailer.ts',
    'for (const [index, event] of events.entries()) onEvent(event, index < events.length - 1);',
    'for (const [index, event] of events.entries()) onEvent(event, index <= events.length - 1);',
  ),
  fault(
    'resume-one-too-late',
    'feed/catch-up-subscription.ts',
    '  let seen = after;',
    '  let seen = after + 1;',
  ),
  fault(
    'lose-what-overflowed',
    'feed/catch-up-subscription.ts',
    'seen = Math.max(seen, (queue.refused()?.position ?? 0) - 1);',
    'seen = Math.max(seen, queue.refused()?.position ?? 0);',
  ),
  fault(
    'join-after-the-last-read',
    'feed/catch-up-subscription.ts',
    'const isCaughtUp = () => live !== undefined && seen >= joinedAt;',
    'const isCaughtUp = () => live !== undefined;',
  ),
  fault(
    'give-live-events-twice',
    'feed/catch-up-subscription.ts',
    'const isUnseenMatch = (event: StoredEvent) => event.position > seen && matches(event);',
    'const isUnseenMatch = (event: StoredEvent) => matches(event);',
  ),
  fault(
    'keep-copies-of-erased-events',
    'feed/catch-up-subscription.ts',
    '    const [first] = page;\n    page = [];',
    '    const [first] = [] as StoredEvent[];',
  ),
  fault(
    'hand-out-stale-copies',
    'feed/catch-up-subscription.ts',
    '      if (!isFresh()) {\n        await awaitFresh();\n        continue;\n      }',
    '',
  ),
  fault(
    'ignore-removed-events',
    'feed/catch-up-subscription.ts',
    'if (from > seen) throw expired(from);',
    '',
  ),
  fault(
    'drop-the-last-of-a-page',
    'log/read/log-reader.ts',
    'if (forward) low = last ?? span.upTo;',
    'if (forward) low = last === undefined ? span.upTo : last + 1;',
  ),
  fault(
    'read-before-the-majority',
    'log/read/log-reader.ts',
    "batchSize: limit,\n        readConcern: { level: 'majority' },",
    "batchSize: limit,\n        readConcern: { level: 'local' },",
  ),
  fault(
    'trust-a-cursor-beyond-the-end',
    'log/log.ts',
    'if (await mapDatabaseError(isInLog(collection, position))) return position;',
    '',
  ),
  fault(
    'forget-removed-cursors',
    'log/log.ts',
    'if (position < removedUpTo) throw expired(removedUpTo);',
    'if (position <= removedUpTo + 3) throw expired(removedUpTo);',
  ),
  fault(
    'trust-stale-watermarks',
    'log/state/watermarks.ts',
    '    async ensureFresh() {\n      await freshness.ensureFresh();',
    '    async ensureFresh() {',
  ),
  fault(
    'reuse-positions-after-a-restore',
    'log/state/watermarks.ts',
    'for (const { after, upTo } of bounds.gaps) if (last >= after && last < upTo) last = upTo;',
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
  fault(
    'confirm-before-removal',
    'erasure/erase-user.ts',
    'removeAnnounced({ collections, signal, pause: (ms) => wait(ms, undefined, { signal }) }),',
    'Promise.resolve(0),',
  ),
  fault('erase-once', 'erasure/erase-user.ts', 'if (round > 0 && found === 0) break;', 'break;'),
  fault(
    'erase-without-announcing',
    'erasure/erase-user.ts',
    'await wait(announceMs, undefined, { signal });',
    '',
  ),
  fault(
    'forget-the-quarantine',
    'erasure/erase-quarantine.ts',
    'if (id === names.userId ||',
    'if (',
  ),
  fault(
    'forget-the-mentions',
    'erasure/erase-mentions.ts',
    'if (!dry) await rewrite(',
    'if (dry) await rewrite(',
  ),
  fault(
    'erase-outside-the-transaction',
    'erasure/erase-own.ts',
    'const { deletedCount } = await events.deleteMany({ _id: { $in: ids } }, { session });',
    'const { deletedCount } = await events.deleteMany({ _id: { $in: ids } });',
  ),
  // The writer lease and the inbox.
  fault(
    'accept-before-majority',
    'log/append/insert-inbox.ts',
    "writeConcern: { w: 'majority', journal: true, wtimeoutMS: MAJORITY_TIMEOUT_MS },",
    'writeConcern: { w: 1, journal: true },',
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
    'log/append/inbox-mover.ts',
    "return position === undefined ? 'open' : 'in-log';",
    "return status === undefined ? 'open' : 'in-log';",
  ),
  fault(
    'delete-entries-before-the-append',
    'log/append/inbox-mover.ts',
    '    known.set(key, undefined);\n',
    '    known.set(key, clock.nowMs());\n',
  ),
  fault(
    'delete-entries-that-failed',
    'log/append/inbox-mover.ts',
    "return error instanceof UnstorableError ? 'refused' : 'open';",
    "return error instanceof UnstorableError ? 'refused' : 'in-log';",
  ),
  fault(
    'delete-moved-entries-at-once',
    'log/append/inbox-step.ts',
    'export const KEEP_MOVED_MS = 1_000;',
    'export const KEEP_MOVED_MS = 0;',
  ),
  fault(
    'insert-without-a-look-into-the-log',
    'log/append/commit-to-inbox.ts',
    '    rest = await resolveDuplicates(log, rest);\n    if (rest.length === 0) return 0;\n',
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
    "const status = earlier.has(one) ? 'duplicate' : 'stored';",
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
    'append-entries-of-erased-users',
    'log/append/commit-batch.ts',
    '    if (erasures) rest = refuseErased(rest, erasures);\n',
    '',
  ),
  fault(
    'keep-the-original-of-a-cleaned-entry',
    'erasure/erase-inbox.ts',
    '  await inbox.deleteOne({ _id: before._id });\n',
    '',
  ),
  fault(
    'forget-the-mentions-in-the-inbox',
    'erasure/erase-inbox.ts',
    '    if (changed === event) continue;',
    '    if (changed === event || event.userId === null) continue;',
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
    'return one?.holder === other.holder && one?.counter === other.counter;',
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
    "              { _id: 'writer', holder: self },\n              { $inc",
    "              { _id: 'writer' },\n              { $inc",
  ),
  fault(
    'fill-the-inbox-without-a-limit',
    'log/append/inbox-depth.ts',
    'isFull: () => events >= maxEvents,',
    'isFull: () => events >= 100 * maxEvents,',
  ),
];
