import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { NewEvent } from '../../src/catalog/event.ts';
import { emptyDatabase, openLog as openAny } from '../log/open-logs.ts';
import { openStoredData } from '../utils/open-stored-data.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { readAll } from './read-all.ts';
import { createPerson, eventAbout } from './someone.ts';
import { storedBytes } from './stored-bytes.ts';

const openLog = (uri: string) => openAny(uri, { erasureAnnounceMs: 20 });

/** What an attacker with the whole database can compute from a guessed digest. */
async function keyed(uri: string, digest: Buffer): Promise<Buffer[]> {
  const storedData = await openStoredData(uri);
  onTestFinished(() => storedData.close());
  const documents = await storedData.collection('meta').find().toArray();
  const keys = documents.flatMap((one) => Object.values(one).filter((value) => value?.buffer));
  return keys.flatMap(({ buffer }) =>
    ['', 'digest\0', 'changed\0', 'user\0', 'contact\0', 'refused\0'].map((purpose) =>
      createHmac('sha256', Buffer.from(buffer)).update(purpose).update(digest).digest(),
    ),
  );
}

test("nothing in the database verifies a guess of another user's erased event", async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  const events = [
    { by: { user_id: ada.id } },
    { invited: ada.id, note: 'kept' },
    { reach: ada.email },
    { note: `call ${ada.phone}` },
  ].map((payload) => eventAbout(bob, 'a_new_type', { payload }));
  for (const event of [eventAbout(ada, 'user_first_logged_in'), ...events]) {
    await log.appender.append(event, 100);
  }
  await log.eraser.erase(ada.id);
  const bytes = Buffer.concat([...(await storedBytes(uri)).values()]);
  for (const { digest } of events) {
    for (const form of [digest, ...(await keyed(uri, digest))]) {
      expect(bytes.includes(form)).toBe(false);
    }
    expect(await log.reader.byDigest(digest)).toBeUndefined();
  }
  // The same deliveries are recognised, here and after a restart, by the identity of what is left.
  const { log: other } = await openLog(uri);
  const stored = await readAll(other);
  for (const { appender } of [log, other]) {
    for (const [index, event] of events.entries()) {
      expect(await appender.append({ ...event, receivedAt: new Date() }, 100)).toEqual({
        status: 'duplicate',
        position: index + 2,
        digest: stored[index + 1]?.digest,
      });
    }
  }
  expect(await readAll(other)).toEqual(stored);
});

test('two events that become equal both stay at their positions', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  // Until then they wait in the inbox, without positions.
  await waitUntil(() => log.writer().isHolder);
  const [ada, bob] = [createPerson(), createPerson()];
  const occurredOn = new Date(Date.now() - 60_000);
  const inviting = (email: string) =>
    eventAbout(bob, 'a_new_type', { occurredOn, payload: { invited: { user_id: ada.id, email } } });
  const events = ['a@mail.example', 'b@mail.example', 'c@mail.example'].map(inviting);
  for (const event of events.slice(0, 2)) await log.appender.append(event, 100);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ mentions: 2 });
  const [first, second, ...rest] = await readAll(log);
  const { digest, receivedAt } = second ?? {};
  expect(second).toEqual({ ...first, digest, receivedAt, position: 2 });
  expect(second?.digest).not.toEqual(first?.digest);
  expect(rest).toEqual([]);
  // The two events are equal now, and so is a third delivery.
  for (const event of events) {
    expect(await log.appender.append(event, 100)).toMatchObject({
      status: 'duplicate',
      position: 1,
    });
  }
});

test.each([
  ['by id', (id: string) => ({ by: { user_id: id }, n: 1 })],
  ['by address', (_: string, email: string) => ({ note: email, n: 1 })],
])(
  'a redelivery dated after the erasure that names the user %s is recognised',
  async (_, payloadOf) => {
    const uri = await emptyDatabase();
    const { log } = await openLog(uri);
    const [ada, bob] = [createPerson(), createPerson()];
    await log.appender.append(eventAbout(ada, 'user_first_logged_in'), 100);
    const event = eventAbout(bob, 'a_new_type', {
      occurredOn: new Date(Date.now() + 1_000_000_000),
      payload: payloadOf(ada.id, ada.email),
    });
    await log.appender.append(event, 100);
    await log.eraser.erase(ada.id);
    expect((await log.appender.append(event, 100)).status).toBe('erased');
    expect(await readAll(log)).toHaveLength(2);
  },
);

test('a redelivery is recognised after several erasures in any order', async () => {
  const [ada, eve, bob] = [createPerson(), createPerson(), createPerson()];
  const payloads = [
    { by: { user_id: ada.id }, to: { email: eve.email, n: 1 } },
    { list: [{ user_id: ada.id }, { mobile_phone: eve.phone }, { n: 1 }] },
    { note: `${ada.email} ${eve.phone}`, ids: [eve.id] },
    { to: { userId: bob.id, email: ada.email, note: eve.id } },
  ];
  const events: NewEvent[] = payloads.map((payload) => eventAbout(bob, 'a_new_type', { payload }));
  const logins = [ada, eve].map((person) => eventAbout(person, 'user_first_logged_in'));
  const left: unknown[] = [];
  for (const order of [
    [ada, eve],
    [eve, ada],
  ]) {
    const { log } = await openLog(await emptyDatabase());
    for (const event of [...logins, ...events]) await log.appender.append(event, 100);
    for (const { id } of order) {
      await log.eraser.erase(id);
      for (const [index, event] of events.entries()) {
        const again = await log.appender.append(event, 100);
        expect([index, again]).toEqual([
          index,
          expect.objectContaining({ status: 'duplicate', position: index + 3 }),
        ]);
      }
    }
    const events_ = (await readAll(log)).slice(2);
    left.push(events_.map(({ payload, digest }) => ({ payload, digest })));
  }
  expect(left[1]).toEqual(left[0]);
});

test('an event without a user that names erased users on an erased installation is recognised', async () => {
  const [ada, eve, zoe] = [createPerson(), createPerson(), createPerson()];
  const payload = { by: [eve.id], to: [{ email: zoe.email }] };
  const event = eventAbout(ada, 'installation_created', { payload });
  for (const order of [
    [ada, eve, zoe],
    [eve, ada, zoe],
    [zoe, eve, ada],
  ]) {
    const { log } = await openLog(await emptyDatabase());
    for (const person of order) {
      await log.appender.append(eventAbout(person, 'user_first_logged_in'), 100);
    }
    await log.appender.append(event, 100);
    const statuses: string[] = [];
    for (const { id } of order) {
      await log.eraser.erase(id);
      statuses.push((await log.appender.append(event, 100)).status);
    }
    // Without a user, the delivery is recognised at its position until its installation is erased.
    expect(statuses).toEqual(
      order.map((_, index) => (index < order.indexOf(ada) ? 'duplicate' : 'erased')),
    );
    expect(await readAll(log)).toHaveLength(4);
  }
});
