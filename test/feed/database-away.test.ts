import { expect, onTestFinished, test } from 'vitest';
import { tailerStates } from '../../src/log/tail/log-tailer.ts';
import { freshDatabase } from '../utils/database.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { collect, openFeed, take, upTo } from './open-feed.ts';

test('a replay waits while the database is unavailable, then resumes', async () => {
  const proxy = await startDatabaseProxy((await freshDatabase()).uri);
  let told: (following: boolean) => void = () => undefined;
  const state = (wanted: boolean) =>
    new Promise<void>((resolve) => {
      told = (following) => following === wanted && resolve();
    });
  onTestFinished(tailerStates.subscribe(({ following }) => told(following)));
  const { log, feed, append } = await openFeed(proxy.uri, { pageSize: 10 });
  await append(100);
  const behind = feed.subscribe({}, 0);
  const live = feed.subscribe({}, log.tailer.head());
  expect(await take(behind, 15)).toEqual(upTo(15));
  const livePending = take(live, 2);

  const away = state(false);
  proxy.cut();
  const rest = collect(behind);
  await away;
  const back = state(true);
  proxy.restore();
  await back;
  await append(2);
  await rest.until(87);
  expect(rest.positions).toEqual(upTo(102, 15));
  expect(await livePending).toEqual([101, 102]);
  await Promise.all([behind.return?.(), live.return?.()]);
  await log.close();
  await proxy.close();
});
