import { expect, test } from 'vitest';
import type { LogState } from '../../src/log/state/log-state.ts';
import type { LogTailer } from '../../src/log/tail/types.ts';
import { createSnapshotRead } from '../../src/projections/snapshot-read.ts';

const AT_ONCE = 8;

test('a read waits for a few others only, however many reads of another viewer wait', async () => {
  const read = createSnapshotRead({
    tailer: { head: () => 5 } as LogTailer,
    state: { run: (work) => work({ removedUpTo: 2 } as never) } as LogState,
  });
  const begun: string[] = [];
  const readAs = (viewer?: string) =>
    read(async (span) => {
      expect(span).toEqual({ after: 2, upTo: 5 });
      begun.push(viewer ?? 'nobody');
      await new Promise(setImmediate);
    }, viewer);
  const all = Array.from({ length: 100 }, () => readAs('many'));
  all.push(readAs('one'), readAs(), readAs('many'));
  await Promise.all(all);
  expect(begun).toHaveLength(103);
  expect(begun.indexOf('one')).toBeLessThan(AT_ONCE + 3);
  expect(begun.indexOf('nobody')).toBeLessThan(AT_ONCE + 4);
});
