import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createQuarantine } from '../../src/log/quarantine.ts';
import { createDigestSeal } from '../../src/log/read/digest-seal.ts';
import { createLogState } from '../../src/log/state/log-state.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { freshDatabase } from '../utils/database.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { openLog } from './open-logs.ts';

test('the same bytes from concurrent senders are kept once and counted', async () => {
  const { uri } = await freshDatabase();
  const opened = await Promise.all([
    openStorage(uri),
    openStorage(uri),
    openStorage(uri),
    openStorage(uri),
  ]);
  const logState = await createLogState(opened[0].collections);
  const rawBody = Buffer.from([0x7b, 0x00, 0xff, 0x22]);
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      createQuarantine(
        (opened[index % 4] as (typeof opened)[0]).collections,
        createDigestSeal(randomBytes(16), 'any'),
        logState,
      ).keep({
        rawBody,
        problem: 'not-json',
        detail: 'why',
        receivedAt: at(index),
      }),
    ),
  );
  const [kept, ...others] = await (opened[0] as (typeof opened)[0]).collections.quarantine
    .find()
    .toArray();
  expect(others).toEqual([]);
  expect(kept?.count).toBe(40);
  expect(Buffer.from(kept?.raw.buffer ?? [])).toEqual(rawBody);
  expect(Buffer.from(kept?._id.buffer ?? [])).toEqual(
    createHash('sha256').update(rawBody).digest(),
  );
  await Promise.all(opened.map(({ close }) => close()));
});

test('while the database does not answer, a delivery is not kept in time, and kept afterwards', async () => {
  const proxy = await startDatabaseProxy((await freshDatabase()).uri);
  const { log } = await openLog(proxy.uri, { timeoutMs: 2_000 });
  const keep = () =>
    log.quarantine.keep({
      ...{ rawBody: Buffer.from('{'), problem: 'invalid-json', detail: 'why' },
      receivedAt: new Date(),
    });
  const held = proxy.hold('upsert');
  const waiting = keep();
  waiting.catch(() => undefined);
  await held;
  await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });

  proxy.release();
  await keep();
  expect(await log.quarantine.list()).toMatchObject([{ problem: 'invalid-json' }]);
  await log.close();
  await proxy.close();
});
