import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { newEvent } from '../new-event.ts';
import { openLog } from '../open-logs.ts';

test('lag counts known unpublished events, and ends when they are published', async () => {
  const { uri } = await freshDatabase();
  const { log, until } = await openLog(uri);
  expect(log.tailer.lag()).toEqual({ positions: 0, ms: 0 });
  // A notification that arrives before its event can be read.
  const early = { ...newEvent(), position: 2 };
  log.tailer.offer([early]);
  const { positions, ms } = log.tailer.lag();
  expect(positions).toBe(2);
  await waitUntil(async () => {
    await log.tailer.catchUp();
    return log.tailer.lag().ms > ms;
  });

  await log.appender.append(newEvent(), 100);
  await until(2);
  expect(log.tailer.lag()).toEqual({ positions: 0, ms: 0 });
});
