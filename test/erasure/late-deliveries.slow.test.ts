import { expect, test } from 'vitest';
import { openStorage as openCollections } from '../../src/storage/open-storage.ts';
import { emptyDatabase, openLog as openAny } from '../log/open-logs.ts';
import { parsedEvent } from '../utils/parsed-event.ts';
import { readAll } from './read-all.ts';
import { createPerson, deliveryAbout, eventAbout, someTypes } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const openLog = (uri: string) => openAny(uri, { erasureAnnounceMs: 20 });

test('old webhooks do not restore the user, and later ones belong to a new user', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const old = someTypes.map((type) => eventAbout(ada, type));
  for (const event of old) await log.appender.append(event, 100);
  await log.eraser.erase(ada.id);

  const other = await openLog(uri);
  for (const { appender } of [log, other.log]) {
    // Includes events without a user on the user's installation.
    for (const event of old) {
      const { status } = await appender.append({ ...event, receivedAt: new Date() }, 100);
      expect(status).toBe('erased');
    }
    // A delivery that never arrived before.
    expect(await appender.append(eventAbout(ada, 'app_opened'), 100)).toEqual({
      status: 'erased',
      digest: expect.any(Buffer),
    });
  }
  expect(await placesOf(uri, [ada.id, ada.phone, ada.email])).toEqual([]);

  const back = eventAbout(ada, 'app_opened', { occurredOn: new Date() });
  expect(await log.appender.append(back, 100)).toEqual({
    status: 'stored',
    position: someTypes.length + 1,
    digest: back.digest,
  });
  const [before] = await readAll(log);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ events: 1 });
  const events = await readAll(log);
  expect(events.at(-1)?.userId).toMatch(/^erased-/);
  expect(events.at(-1)?.userId).not.toBe(before?.userId);
  expect(events[0]).toEqual(before);
  expect((await log.appender.append(back, 100)).status).toBe('erased');
});

test('a late delivery dated long after the erasure does not restore the user either', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const occurredOn = new Date(Date.now() + 1_000_000_000);
  const event = eventAbout(ada, 'app_opened', { occurredOn });
  await log.appender.append(event, 100);
  await log.eraser.erase(ada.id);
  expect((await log.appender.append(event, 100)).status).toBe('erased');
  const other = eventAbout(ada, 'user_logged_in', { occurredOn });
  expect((await log.appender.append(other, 100)).status).toBe('stored');
});

test('nor does one whose instant is written differently, to the millisecond', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const body = deliveryAbout(ada, 'app_opened');
  const at = (text: string) => {
    const delivery = { ...JSON.parse(body), occurred_on: `2999-01-01T00:00:00.${text}` };
    return parsedEvent(Buffer.from(JSON.stringify(delivery)));
  };
  await log.appender.append(at('120456+00:00'), 100);
  await log.eraser.erase(ada.id);
  for (const text of ['120456+00:00', '12Z', '1200+00:00', '1204Z']) {
    expect((await log.appender.append(at(text), 100)).status).toBe('erased');
  }
  expect((await log.appender.append(at('121+00:00'), 100)).status).toBe('stored');
});

test('an erasure that an older version finished is still known', async () => {
  const uri = await emptyDatabase();
  const ada = createPerson();
  await (await openLog(uri)).log.eraser.erase(ada.id);
  const { collections, close } = await openCollections(uri);
  await collections.erasures.updateMany({}, { $unset: { mark: '' } });
  await close();
  const { log } = await openLog(uri);
  expect((await log.appender.append(eventAbout(ada, 'app_opened'), 100)).status).toBe('erased');
});

test('a user without events is erased too, and later deliveries are dropped', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  expect(await log.eraser.erase(ada.id)).toEqual({ events: 0, mentions: 0, quarantined: 0 });
  expect((await log.appender.append(eventAbout(ada, 'app_opened'), 100)).status).toBe('erased');
});

test('a refused delivery is not kept again, and later ones are', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  await log.eraser.erase(ada.id);
  const receivedAt = new Date();
  const keep = (body: string) =>
    log.quarantine.keep({ rawBody: Buffer.from(body), problem: 'x', detail: 'y', receivedAt });
  const broken = { extra: { type: 5 } };
  expect(await keep(deliveryAbout(ada, 'app_opened', broken))).toBe('erased');
  expect(await keep(`{"user_id":"${ada.id}", and then nothing`)).toBe('erased');
  expect(await keep(deliveryAbout(ada, 'app_opened', { ...broken, occurredOn: new Date() }))).toBe(
    'first',
  );
  expect(await keep(deliveryAbout(createPerson(), 'app_opened', broken))).toBe('first');
});
