import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/catalog/json.ts';
import { appendAndFind, emptyDatabase, openLog as openAny } from '../log/open-logs.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { readAll } from './read-all.ts';
import { createPerson, deliveryAbout, eventAbout, type Person, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

const openLog = (uri: string) => openAny(uri, { erasureAnnounceMs: 20 });

/** Groups of three digits. */
const grouped = (phone: string) => phone.replace(/(\d{3})(?=\d)/g, '$1 ');
const escaped = (text: string) =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** Payloads of another user's event that lead to the person, and what is left of each. */
const mentions = ({ email, phone }: Person): [JsonObject, JsonObject][] => [
  [{ reach: email, n: 1 }, { n: 1 }],
  [{ reach: email.toUpperCase() }, {}],
  [{ email, n: 1 }, { n: 1 }],
  [{ note: `please write to <${email}>.` }, { note: 'erased' }],
  [{ note: `call ${grouped(phone)} today` }, { note: 'erased' }],
  [{ note: `+34 ${grouped(phone)}` }, {}],
  [{ note: `(0034)${phone}` }, {}],
  [{ number: Number(phone) }, { number: 'erased' }],
  [{ number: Number(`34${phone}`) }, { number: 'erased' }],
  [{ invited: { email, name: 'A' } }, { invited: { user_id: 'erased' } }],
  [{ invited: { reach: phone, name: 'A' } }, { invited: { user_id: 'erased' } }],
  [{ invited: [email, 'A'] }, { invited: ['erased'] }],
  [{ invited: [[phone], 'A'] }, { invited: ['erased'] }],
  [{ [email]: { name: 'A' } }, {}],
  [{ [phone]: { name: 'A' } }, { erased: 'erased' }],
  [
    { contacts: [{ type: 'email', value: email, name: 'A' }] },
    { contacts: [{ user_id: 'erased' }] },
  ],
  [{ url: `https://x.example/?to=${email.replace('@', '%40')}` }, { url: 'erased' }],
];

test("an erased user's address and number are in no other event", async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  const cases = mentions(ada);
  const append = async () => {
    for (const [payload] of cases) {
      await log.appender.append(eventAbout(bob, 'a_new_type', { payload }), 100);
    }
    const extra = { by: { mail: ada.email } };
    await log.appender.append(eventAbout(bob, 'app_opened', { extra }), 100);
    const aboutNobody = { user_id: null, mail: ada.email, other: 5 };
    await log.appender.append(eventAbout(bob, 'a_new_type', { payload: aboutNobody }), 100);
    await log.appender.append(eventAbout(bob, `of:${ada.email}`), 100);
    const text = { speciality: `for ${ada.email}` };
    await log.appender.append(eventAbout(bob, 'message_sent', { payload: text }), 100);
  };
  await log.appender.append(eventAbout(ada, 'user_first_logged_in'), 100);
  await append();
  const counted = await log.eraser.erase(ada.id, { dry: true });
  expect(counted).toEqual({ events: 1, mentions: cases.length + 4, quarantined: 0 });
  expect(await log.eraser.erase(ada.id)).toEqual(counted);
  // Late deliveries are stored without the mentions, also by an instance that did not erase.
  await append();
  const { log: other } = await openLog(uri);
  await appendAndFind(other, eventAbout(bob, 'a_new_type', { payload: { to: ada.email } }));

  expect(await placesOf(uri, tracesOf(ada))).toEqual([]);
  const events = (await readAll(log)).slice(1);
  for (const [index, [, payload]] of [...cases.entries()]) {
    for (const event of [events[index], events[index + cases.length + 4]]) {
      const { user_id, ...left } = event?.payload ?? {};
      expect([index, user_id, left]).toEqual([index, bob.id, payload]);
    }
  }
  const [extra, aboutNobody, ofType, speciality] = events.slice(cases.length);
  expect(extra).toMatchObject({ userId: bob.id, extra: { by: { user_id: 'erased' } } });
  expect(aboutNobody).toMatchObject({ userId: null, payload: {}, extra: null });
  expect(ofType).toMatchObject({ typeName: 'unknown', userId: bob.id });
  expect(speciality).toMatchObject({ payload: { speciality: 'erased' } });
});

test('similar contacts stay, and so do contacts that another user shares', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = { ...createPerson(), phone: '612345678' };
  const bob = { ...createPerson(), phone: ada.phone, email: ada.email };
  const kept = [
    eventAbout(bob, 'user_first_logged_in'),
    ...[
      { prefix: '34', n: 34, size: '+34' },
      { note: `x${ada.email}`, reach: `${ada.email}.org` },
      { note: '6123456789', n: 16_123_456_789, at: '2026-11-29T12:00:00Z' },
    ].map((payload) => eventAbout(bob, 'a_new_type', { payload })),
    eventAbout(bob, 'message_sent', { payload: { professional_id: 612_345_678 } }),
  ];
  await log.appender.append(eventAbout(ada, 'user_first_logged_in'), 100);
  for (const event of kept) await log.appender.append(event, 100);
  const before = (await readAll(log)).slice(1);
  expect(await log.eraser.erase(ada.id)).toMatchObject({ mentions: 0 });
  expect((await readAll(log)).slice(1)).toEqual(before);
  for (const event of kept) {
    expect((await log.appender.append(event, 100)).status).toBe('duplicate');
  }
  // Bob's own contact data, delivered late.
  const late = eventAbout(bob, 'user_first_logged_in');
  expect(await log.appender.append(late, 100)).toMatchObject({ digest: late.digest });
});

test("an address of a friend in the user's events is not the erased user's", async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob, eve] = [createPerson(), createPerson(), createPerson()];
  const friend = { payload: { friend: { user_id: eve.id, email: eve.email } } };
  await log.appender.append(eventAbout(ada, 'a_new_type', friend), 100);
  const note = eventAbout(bob, 'a_new_type', { payload: { note: eve.email } });
  await log.appender.append(note, 100);
  await log.eraser.erase(ada.id);
  expect((await readAll(log))[1]).toEqual({ ...note, position: 2 });
});

test('after the erasure the contacts may belong to another user', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  await log.appender.append(eventAbout(ada, 'user_first_logged_in'), 100);
  await log.eraser.erase(ada.id);
  const later = { payload: { note: ada.email }, occurredOn: new Date() };
  const event = eventAbout(bob, 'a_new_type', later);
  expect(await log.appender.append(event, 100)).toMatchObject({
    status: 'stored',
    digest: event.digest,
  });
});

const refusal = (payload: string) =>
  `{"type":"user_logged_in","occurred_on":"bad","payload":{"user_id":"somebody",${payload}}}`;
const refused = ({ email, phone }: Person): [string, string][] => [
  ['an address', refusal(`"email":"${email}"`)],
  ['in capitals', refusal(`"to":"${email.toUpperCase()}"`)],
  ['in escapes', refusal(`"to":"${escaped(email)}"`)],
  ['in a text that is JSON', refusal(`"x":${JSON.stringify(`{"to":"${escaped(email)}"}`)}`)],
  ['in what is no JSON', `no JSON, to=${email};`],
  ['a number', refusal(`"mobile_phone":"${phone}"`)],
  ['with a prefix', refusal(`"to":"+34 ${grouped(phone)}"`)],
  ['as a number', refusal(`"to":${phone}`)],
  ['as a key', refusal(`"${phone}":1`)],
  ['as the first of two members', refusal(`"to":"${email}","to":"x"`)],
];

test('quarantined deliveries with the contacts are removed, and not kept when resent', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  await log.appender.append(eventAbout(ada, 'user_first_logged_in'), 100);
  const bodies = refused(ada).map(([, body]) => body);
  await insertQuarantined(
    uri,
    [...bodies, ...refused(bob).map(([, body]) => body)].map((body) => ({ body })),
  );
  const counted = await log.eraser.erase(ada.id, { dry: true });
  expect(counted.quarantined).toBe(bodies.length);
  expect(await log.eraser.erase(ada.id)).toEqual(counted);
  expect(await placesOf(uri, [...tracesOf(ada), escaped(ada.email)])).toEqual([]);
  expect(await log.quarantine.ids()).toHaveLength(bodies.length);
  const { log: other } = await openLog(uri);
  for (const { quarantine } of [log, other]) {
    for (const body of [...bodies, refusal(`"note":"a new one for ${ada.email}"`)]) {
      const rejected = { rawBody: Buffer.from(body), problem: 'x', detail: 'y' };
      expect(await quarantine.keep({ ...rejected, receivedAt: new Date() })).toBe('erased');
    }
  }
});

test('a refused delivery with a shared contact is still kept', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri);
  const ada = createPerson();
  const bob = { ...createPerson(), phone: ada.phone, email: ada.email };
  await log.appender.append(eventAbout(ada, 'user_first_logged_in'), 100);
  const own = deliveryAbout(bob, 'user_first_logged_in', { payload: { status: 'x' } });
  const more = deliveryAbout(bob, 'user_first_logged_in', {
    payload: { status: 'x', note: ada.email },
  });
  const twice = own.replace('"mobile_phone":', `"mobile_phone":"${ada.phone}","mobile_phone":`);
  const [kept] = await insertQuarantined(
    uri,
    [own, more, twice].map((body) => ({ body })),
  );
  expect(await log.eraser.erase(ada.id)).toMatchObject({ quarantined: 2 });
  expect(await log.quarantine.ids()).toEqual([kept]);
  const rejected = { rawBody: Buffer.from(own), problem: 'x', detail: 'y', receivedAt: new Date() };
  expect(await log.quarantine.keep(rejected)).toBe('again');
});
