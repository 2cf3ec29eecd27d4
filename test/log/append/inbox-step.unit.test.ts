import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type InboxState,
  KEEP_MOVED_MS,
  startInbox,
  stepInbox,
} from '../../../src/log/append/inbox-step.ts';
import type { InboxOutcome } from '../../../src/log/append/insert-inbox.ts';
import { stepMove } from '../../../src/log/append/move-step.ts';

const POISON = 'poison';
const error = new Error('said the database');

/** An unordered insert, as the driver and the server answer it. */
function insert(inbox: Set<string>, ids: readonly string[]): InboxOutcome {
  if (ids.includes(POISON)) return { kind: 'refused', error };
  const duplicates = new Set<number>();
  for (const [index, id] of ids.entries()) {
    if (inbox.has(id)) duplicates.add(index);
    inbox.add(id);
  }
  return { kind: 'answered', duplicates, refused: new Map() };
}

test('each event is answered once, and acknowledged events are in the inbox', () => {
  const run = fc.record({
    batch: fc.uniqueArray(fc.oneof(fc.constant(POISON), fc.nat(30).map(String)), {
      minLength: 1,
      maxLength: 12,
    }),
    before: fc.array(fc.nat(30).map(String), { maxLength: 8 }),
    faults: fc.array(fc.constantFrom('none', 'answer-lost', 'not-sent'), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(run, ({ batch, before, faults }) => {
      const inbox = new Set(before);
      const answered = new Map<string, string>();
      let rest = [...batch];
      let state: InboxState = startInbox(batch.length);
      for (let steps = 0; rest.length > 0; steps += 1) {
        expect(steps).toBeLessThan(faults.length + 8 * batch.length);
        const fault = faults[steps] ?? 'none';
        const sent = rest.slice(0, state.width);
        expect(sent.length).toBeGreaterThan(0);
        const answer = fault === 'not-sent' ? undefined : insert(inbox, sent);
        const isClear = answer !== undefined && fault === 'none';
        const outcome = isClear ? answer : ({ kind: 'unclear', error } as const);
        const next = stepInbox(state, outcome, {
          ...{ sent: sent.length, batch: batch.length, tookMs: 1 },
        });
        expect(next.verdicts.length).toBe(sent.length);
        for (const [index, verdict] of next.verdicts.entries()) {
          const id = sent[index] ?? '';
          if (verdict === 'open') continue;
          expect(answered.has(id)).toBe(false);
          answered.set(id, verdict);
          if (verdict === 'refused') expect(id).toBe(POISON);
          else expect(inbox.has(id)).toBe(true);
        }
        rest = rest.filter((id) => !answered.has(id));
        state = next.state;
      }
      expect([...answered.keys()].sort()).toEqual([...batch].sort());
    }),
    { numRuns: 300 },
  );
});

/**
 * Another instance gets a redelivery after the first acknowledgement. It looks into the log, then
 * inserts into the inbox, while the entry is moved and deleted at any moment.
 */
test('a redelivery is recognised whenever its entry is moved and deleted', () => {
  const moments = fc.record({
    movedMs: fc.integer({ min: 0, max: 4_000 }),
    deletedLaterMs: fc.integer({ min: 0, max: 4_000 }),
    lookedMs: fc.integer({ min: 0, max: 4_000 }),
    insertedLaterMs: fc.integer({ min: 0, max: 4_000 }),
  });
  fc.assert(
    fc.property(moments, ({ movedMs, deletedLaterMs, lookedMs, insertedLaterMs }) => {
      const moved = stepMove('in-log');
      if (moved.kind !== 'delete') throw new Error('a moved entry is not deleted');
      const deletedMs = movedMs + moved.afterMs + deletedLaterMs;
      const insertedMs = lookedMs + insertedLaterMs;
      const isFoundFirst = movedMs <= lookedMs;
      const isInInbox = insertedMs < deletedMs;
      const { verdicts, mustLookAgain } = stepInbox(
        startInbox(1),
        { kind: 'answered', duplicates: new Set(isInInbox ? [0] : []), refused: new Map() },
        { sent: 1, batch: 1, tookMs: insertedLaterMs },
      );
      // A second lookup after the insert finds an entry that was deleted before it.
      expect(isFoundFirst || verdicts[0] === 'duplicate' || mustLookAgain).toBe(true);
    }),
    { numRuns: 1_000 },
  );
  expect(stepMove('erased')).toEqual({ kind: 'delete', afterMs: 0 });
  expect(stepMove('refused')).toEqual({ kind: 'quarantine' });
  expect(stepMove('open')).toEqual({ kind: 'leave' });
  expect(KEEP_MOVED_MS).toBeGreaterThan(0);
});
