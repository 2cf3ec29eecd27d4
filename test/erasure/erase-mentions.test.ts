import { expect, test } from 'vitest';
import { emptyDatabase, openLog as openAny } from '../log/open-logs.ts';
import { readAll } from './read-all.ts';
import { createPerson, eventAbout, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const openLog = (uri: string) => openAny(uri, { erasureAnnounceMs: 20 });

test('events of another user or of no user no longer name the user', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  const cases = [
    { invited: { user_id: ada.id, email: ada.email }, note: 'kept' },
    { deep: [{ list: [{ fromUserId: ada.id, phone: ada.phone }] }], size: 34 },
    { user_ids: [ada.id, 'somebody'] },
    { recipient: ada.id },
    { [ada.id]: { email: ada.email } },
  ];
  for (const payload of cases) {
    await log.appender.append(eventAbout(bob, 'a_new_type', { payload }), 100);
  }
  const aboutNobody = { user_id: null, actor: { user_id: ada.id }, contact: ada.email };
  await log.appender.append(eventAbout(bob, 'a_new_type', { payload: aboutNobody }), 100);
  const extra = { sender: { user_id: ada.id, email: ada.email } };
  await log.appender.append(eventAbout(bob, 'app_opened', { extra }), 100);
  const before = await readAll(log);

  expect(await log.eraser.erase(ada.id)).toMatchObject({ events: 0, mentions: 7 });
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  const after = await readAll(log);
  expect(after[0]?.payload).toMatchObject({
    user_id: bob.id,
    invited: { user_id: 'erased' },
    note: 'kept',
  });
  expect(after[1]?.payload).toMatchObject({ deep: [{ list: [{ user_id: 'erased' }] }], size: 34 });
  expect(after[2]?.payload).toMatchObject({ user_ids: ['erased'] });
  // Redeliveries are recognised, and a late delivery is stored without the name.
  for (const event of before) {
    expect((await log.appender.append(event, 100)).status).toBe('duplicate');
  }
  const late = eventAbout(bob, 'a_new_type', { payload: { by: { userId: ada.id }, n: 1 } });
  expect((await log.appender.append(late, 100)).status).toBe('stored');
  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
});

test('an id is found as a number, as a key, and in the name of a type', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [{ ...createPerson(), id: '87654321' }, createPerson()];
  const reach = { email: ada.email, mobile_phone: ada.phone };
  const places = [
    { from: 87_654_321, list: [[87_654_321]] },
    { member: { id: 87_654_321, ...reach } },
    { participants: ['z', ada.id], [ada.id]: reach },
  ];
  const append = async (occurredOn?: Date) => {
    for (const [index, payload] of places.entries()) {
      const delivery = { payload: { ...payload, kept: index }, ...(occurredOn && { occurredOn }) };
      await log.appender.append(eventAbout(bob, `x_${ada.id}_y`, delivery), 100);
    }
    const own = { payload: { professional_id: 87_654_321 } };
    await log.appender.append(eventAbout(bob, 'message_sent', own), 100);
  };
  await append();
  expect(await log.eraser.erase(ada.id)).toMatchObject({ mentions: 3 });
  // Late deliveries are stored without the mention too.
  await append();
  for (const event of await readAll(log)) {
    expect(event.userId).toBe(bob.id);
    // A professional's number is not a user's id.
    if (event.type === 'message_sent') expect(event.payload.professional_id).toBe(87_654_321);
    else {
      expect(JSON.stringify(event)).not.toContain(ada.id);
      expect(event).toMatchObject({ typeName: 'unknown', payload: { kept: expect.any(Number) } });
    }
  }
  expect(await placesOf(uri, [ada.email, ada.phone])).toEqual([]);
  // After the erasure the id may belong to another user.
  await append(new Date());
  expect((await readAll(log)).at(-2)?.payload).toMatchObject({ [ada.id]: reach });
});

test('events without a user on a shared installation lose personal data, and nothing else', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const bob = { ...createPerson(), installation: ada.installation };
  const reach = { 'E-Mail': ada.email, mobile_phone: ada.phone };
  const payload = {
    user_id: null,
    installation_id: ada.installation,
    size: 5,
    deep: [{ ...reach, n: 1 }],
  };
  await log.appender.append(eventAbout(ada, 'app_opened'), 100);
  await log.appender.append(
    eventAbout(ada, 'contact_added', { payload, extra: { more: reach } }),
    100,
  );
  await log.appender.append(eventAbout(bob, 'user_first_logged_in'), 100);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ events: 1, mentions: 1 });
  expect(await placesOf(uri, [ada.id, ada.email, ada.phone])).toEqual([]);
  expect((await readAll(log))[1]).toMatchObject({
    payload: { installation_id: ada.installation, size: 5, deep: [{ n: 1 }] },
    extra: { more: {} },
  });
  expect(await placesOf(uri, [bob.email])).not.toEqual([]);
});
