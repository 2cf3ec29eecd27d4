import { expect, test } from 'vitest';
import { freshDatabase } from '../../utils/database.ts';
import { waitUntil } from '../../utils/wait-until.ts';
import { newEvent } from '../new-event.ts';
import { openLog } from '../open-logs.ts';

test('lag counts known unpublished events, and ends when they are published', async () => {
  const { uri } = await freshDatabase();
  const { log, until } = await openLog(uri);
  expect(log.follower.lag()).toEqual({ positions: 0, ms: 0 });
  // A notification that arrives before its event can be read.
  const early = { ...newEvent(), position: 2 };
  log.follower.offer([early]);
  const { positions, ms } = log.follower.lag();
  expect(positions).toBe(2);
  await waitUntil(async () => {
    await log.follower.catchUp();
    return log.follower.lag().ms > ms;
  });

  await log.appender.append(newEvent(), 100);
  await until(2);
  expect(log.follower.lag()).toEqual({ positions: 0, ms: 0 });
});
