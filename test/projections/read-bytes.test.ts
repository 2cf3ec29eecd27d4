import { expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import { newEvent } from '../log/new-event.ts';
import { appendAndFind, openLog } from '../log/open-logs.ts';
import { freshDatabase } from '../utils/database.ts';
import { openViews } from './open-projections.ts';

const TEXT = 'x'.repeat(10_000);
const IDS = ['ba55ab42-9d09-4fbe-805e-ac91e62cae3f', 'ba55ab42-9d09-4fbe-805e-ac91e62cae40'];

const exampleOf = (type: string) => catalog.find(({ name }) => name === type)?.example;

test('look-ups stop where the events of all keys are too large', async () => {
  const { log, until } = await openLog((await freshDatabase()).uri);
  const views = openViews(log);
  let last = 0;
  for (const [index, id] of IDS.entries()) {
    for (const type of ['installation_created', 'message_sent', 'user_logged_in']) {
      const own = { user_id: `user-${index}`, installation_id: id, message_id: id };
      const payload = { ...exampleOf(type), ...own, text: TEXT };
      const { position } = await appendAndFind(log, newEvent(payload, { type }));
      last = position;
    }
  }
  await until(last);
  const users = ['user-0', 'user-1'];
  const reads = [
    (maxBytes?: number) => views.devices(IDS, {}, maxBytes),
    (maxBytes?: number) => views.messages(IDS, {}, maxBytes),
    (maxBytes?: number) => views.plans(users, maxBytes),
  ];
  for (const read of reads) {
    expect(await read(1.5 * TEXT.length)).toBeUndefined();
    expect((await read(3 * TEXT.length))?.size).toBeGreaterThanOrEqual(2);
    expect((await read())?.size).toBeGreaterThanOrEqual(2);
  }
});
