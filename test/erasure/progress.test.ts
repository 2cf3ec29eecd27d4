import { expect, test } from 'vitest';
import type { ErasureProgress } from '../../src/erasure/types.ts';
import { declareRestored } from '../../src/log/declare-restored.ts';
import { appendUntilTaken, emptyDatabase, openLog } from '../log/open-logs.ts';
import { createPerson, eventAbout } from './someone.ts';

test('the progress of an erasure counts no positions that a restore has skipped', async () => {
  const { log } = await openLog(await emptyDatabase(), { erasureAnnounceMs: 0 });
  const ada = createPerson();
  const event = () => eventAbout(ada, 'user_logged_in');
  await appendUntilTaken(log, event());
  await declareRestored(log.collections, { skip: 1_000, announceMs: 0 });
  await log.state.refresh();
  await appendUntilTaken(log, event());
  expect(log.tailer.head()).toBe(1_002);
  for (const dry of [true, false]) {
    const reports: ErasureProgress[] = [];
    await log.eraser.erase(ada.id, { dry, onProgress: (progress) => reports.push(progress) });
    const whole = { step: 'searching', searched: 2, positions: 2 };
    expect(reports).toContainEqual(expect.objectContaining(whole));
    expect(Math.max(...reports.map(({ positions }) => positions))).toBe(2);
  }
});
