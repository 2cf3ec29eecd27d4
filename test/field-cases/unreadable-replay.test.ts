import { expect, onTestFinished, test } from 'vitest';
import { openFeed } from '../feed/open-feed.ts';
import { freshDatabase } from '../utils/database.ts';

/** An instant of the year 10000, which the database refuses; the schema does not let it in. */
const REFUSED = { occurredOn: { until: new Date('9999-12-31T23:59:59-05:00') } };

test('replays that cannot read the log for long are reported once, and once when it is over', async () => {
  const { uri, drop } = await freshDatabase();
  const reports: unknown[] = [];
  let onReport: (() => void) | undefined;
  const onStuck = (error?: unknown) => {
    reports.push(error);
    onReport?.();
  };
  const { log, feed, append } = await openFeed(uri, { onStuck, retryMs: 1 });
  onTestFinished(async () => {
    await log.close();
    await drop();
  });
  await append(1);
  const reported = new Promise<void>((resolve) => {
    onReport = resolve;
  });
  const stuck = [feed.subscribe(REFUSED, 0), feed.subscribe(REFUSED, 0)];
  const waiting = stuck.map((events) => events.next());
  await reported;
  expect(reports).toMatchObject([{ code: 'SERVICE_UNAVAILABLE' }]);
  for (const events of stuck) await events.return?.();
  await Promise.all(waiting);
  expect(reports).toMatchObject([{ code: 'SERVICE_UNAVAILABLE' }, undefined]);
});
