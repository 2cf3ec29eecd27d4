import { expect, onTestFinished, test } from 'vitest';
import { rawUsers } from '../../src/log/state/raw-users.ts';
import { emptyDatabase, openLog } from '../log/open-logs.ts';
import { insertQuarantined } from '../utils/insert-quarantined.ts';
import { openStoredData } from '../utils/open-stored-data.ts';
import { startDatabaseProxy } from '../webhook/database-proxy.ts';
import { createPerson, eventAbout, type Person, tracesOf } from './someone.ts';
import { placesOf } from './stored-bytes.ts';

/** Every character as a JSON escape. */
const escaped = (text: string) =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const ESCAPES = /(?:\\+u00[\da-f]{2})+/g;
const refusal = (payload: string, occurredOn = 'bad') =>
  `{"type":"user_logged_in","occurred_on":"${occurredOn}","payload":{${payload}}}`;

/** Bodies that name a person by id, with contacts. */
const byId = ({ id, email }: Person): [string, string][] => {
  const reach = `"email":"${email}"`;
  return [
    ['under a key of users', refusal(`"user_id":"${id}",${reach}`)],
    ['in a path', refusal(`"path":"/users/${id}",${reach}`)],
    ['before a host', refusal(`"ref":"${id}@tenant",${reach}`)],
    ['behind a line', refusal(`"ref":"_${id}",${reach}`)],
    ['in escapes', refusal(`"by":{"id":"${escaped(id)}"},${reach}`)],
    ['in escapes, as a key', refusal(`"${escaped(id)}":1,${reach}`)],
    ['in escapes, in a path', refusal(`"path":"\\/users\\/${escaped(id)}\\/x",${reach}`)],
    [
      'in a text that is JSON',
      refusal(`"x":${JSON.stringify(`{"id":"${escaped(id)}"}`)},${reach}`),
    ],
    ['in escapes, in no JSON', `{"type":"x" broken "id":"${escaped(id)}",${reach}}`],
    ['behind a byte order mark', `\uFEFF${refusal(`"id":"${id}",${reach}`)}`],
  ];
};

/** Bodies that lead to a person through the log or through former values. */
const byOther = ({ id, email, installation }: Person): string[] => [
  refusal(`"installation_id":"${installation}","email":"${email}"`),
  refusal(`"device":"${installation.toUpperCase()}","email":"${email}"`),
  refusal(`"device":"${escaped(installation)}","email":"${email}"`),
  refusal(`"user_id":"${id}","email":"${email}"`, '2099-01-01T00:00:00Z'),
];

test('a delivery that leads to the user in any way is removed, and not kept when resent', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri, { erasureAnnounceMs: 20 });
  const { log: other } = await openLog(uri);
  const [ada, bob] = [createPerson(), createPerson()];
  for (const person of [ada, bob]) await log.appender.append(eventAbout(person, 'app_opened'), 100);
  const bodiesOf = (person: Person) => [
    ...byId(person).map(([, body]) => body),
    ...byOther(person),
  ];
  const bodies = bodiesOf(ada);
  await insertQuarantined(
    uri,
    [...bodies, ...bodiesOf(bob)].map((body) => ({ body })),
  );

  const { quarantined } = await log.eraser.erase(ada.id);
  expect(quarantined).toBe(bodies.length);
  expect(await placesOf(uri, [...tracesOf(ada), escaped(ada.id)])).toEqual([]);
  expect(await log.quarantine.ids()).toHaveLength(bodies.length);

  const receivedAt = new Date();
  // Refreshes now; the erasure would wait longer than a refresh takes by itself.
  await other.state.refresh();
  for (const { quarantine } of [log, other]) {
    for (const body of bodies) {
      const rejected = { rawBody: Buffer.from(body), problem: 'x', detail: 'y', receivedAt };
      expect(await quarantine.keep(rejected)).toBe('erased');
    }
  }
  expect(await placesOf(uri, [...tracesOf(ada), escaped(ada.id)])).toEqual([]);
});

const carol = createPerson();
test.each(byId(carol))('an id is found as a word of a body: %s', (_, body) => {
  expect([...rawUsers(Buffer.from(body)).ids]).toContain(carol.id);
  const longer = body.replaceAll(carol.id, `${carol.id}9`).replace(ESCAPES, 'x');
  expect([...rawUsers(Buffer.from(longer)).ids]).not.toContain(carol.id);
});

test.each([
  ['a number that JSON cannot keep', '12345678901234567890', '{"id":12345678901234567890}'],
  [
    'a UUID beside others',
    'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    'x "a/ba55ab42-9d09-4fbe-805e-ac91e62cae3f-1"',
  ],
  ['a name with spaces', 'Ada of London', 'no JSON "by":"Ada of London"'],
  ['a short one under its key', '42A', '{"user_id":"42A"}'],
  ['a short one in what is no JSON', '42A', 'by 42A, broken'],
  ['a short one, the first of two members', '42A', '{"user_id":"42A","user_id":"77B"}'],
  ['a short one in a text that is JSON', '42A', JSON.stringify({ x: '{"user_id":"42A","y":1}' })],
  ['a short one under a name of a user', '42A', '{"payload":{"user":"42A"}}'],
  ['a short one that is a number, the first', '42', '{"user_id":42,"user_id":7}'],
  ['a number with an exponent, cut off', '34600111222', '{"user_id" : 3.4600111222e10'],
  ['the first of two members of one name', 'ABCDEF12', '{"id":"ABCDEF12","id":1}'],
])('%s is found', (_, id, body) => {
  expect([...rawUsers(Buffer.from(body)).ids]).toContain(id);
});

test('the record of a removed delivery reveals nothing about it', async () => {
  const uri = await emptyDatabase();
  const { log } = await openLog(uri, { erasureAnnounceMs: 20 });
  const ada = createPerson();
  const [id] = await insertQuarantined(uri, [{ body: refusal(`"user_id":"${ada.id}"`) }]);
  await log.eraser.erase(ada.id);
  const storedData = await openStoredData(uri);
  onTestFinished(() => storedData.close());
  const kept = await storedData.collection('erasures').find({ refused: true }).toArray();
  expect(kept).toEqual([{ _id: expect.anything(), refused: true, before: new Date(0) }]);
  expect(kept[0]?._id.toString('hex')).not.toBe(id);
});

test('an unavailable database at the start of an erasure is not an internal error', async () => {
  const proxy = await startDatabaseProxy(await emptyDatabase());
  onTestFinished(() => proxy.close());
  const { log } = await openLog(proxy.uri);
  proxy.cut();
  await expect(log.eraser.erase(createPerson().id)).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  proxy.restore();
});
