import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toDelivery } from '../../src/cli/commands/replay/to-delivery.ts';
import { createPerson, deliveryAbout, tracesOf } from '../erasure/someone.ts';
import { placesOf } from '../erasure/stored-bytes.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ erasureAnnounceMs: 20 });
});
afterAll(() => server.close());

const ONE = `query ($id: ID!) { event(id: $id) {
  __typename typeName occurredOn userId payload ... on MalformedEvent { faults } } }`;
const APP = '"installation_id":"ba55ab42-9d09-4fbe-805e-ac91e62cae3f"';
const bodyOf = (type: string, members: string) =>
  `{"type":"${type}","occurred_on":"2024-01-01T00:00:00Z","payload":{${members}}}`;

async function store(body: string) {
  const answer = await server.postRaw(body);
  expect(answer).toMatchObject({ status: 200, body: { status: 'stored' } });
  const { body: found } = await server.query(ONE, { id: answer.body.id });
  expect(found.errors).toBeUndefined();
  // An export has what is shown, and its replay is the same event.
  const line = Buffer.from(JSON.stringify(found.data.event));
  const again = await server.postRaw(String(toDelivery(line)));
  expect(again.body).toMatchObject({ status: 'duplicate', id: answer.body.id });
  return found.data.event;
}

describe('a value that cannot be stored is shown as a text, and the event is one of its type', () => {
  test.each([
    ['a whole number', '"room_id":110988663231921363', { room_id: '110988663231921363' }],
    ['below zero', '"room_id":-9007199254740993', { room_id: '-9007199254740993' }],
    ['of 40 digits', `"n":${'9'.repeat(40)}`, { n: '9'.repeat(40) }],
    ['beyond a double', '"n":[1e999,{"m":-1E+400}]', { n: ['1e999', { m: '-1E+400' }] }],
    [
      'whole, with an exponent or a fraction',
      '"n":[1e20,9007199254740993.0,-1.5E17,123456789012345678.5]',
      { n: ['1e20', '9007199254740993.0', '-1.5E17', '123456789012345678.5'] },
    ],
    [
      'with an exponent, below and above those',
      '"n":[9007199254740991.0,1e15,1e21,5e300]',
      { n: [9007199254740991, 1e15, 1e21, 5e300] },
    ],
    [
      'several, among others',
      '"a":9007199254740992,"b":1,"c":"9007199254740993"',
      {
        ...{ a: '9007199254740992', b: 1, c: '9007199254740993' },
      },
    ],
    ['a lone surrogate', '"text":"cut \\ud83d"', { text: 'cut \\ud83d' }],
    ['a low one first', '"text":"\\uDE00é😀\\ud83d\\ude00"', { text: '\\ude00é😀😀' }],
    ['in a key', '"a\\udead":{"\\ud800":1}', { 'a\\udead': { '\\ud800': 1 } }],
    ['NUL in a key', '"a\\u0000b":1', { 'a\\u0000b': 1 }],
    ['a key of BSON', '"a":{"_bsontype":"ObjectId"}', { a: { '\\u005fbsontype': 'ObjectId' } }],
    ['a DBRef', '"a":{"$ref":"c","$id":1}', { a: { $ref: 'c', '\\u0024id': 1 } }],
  ])('%s', async (name, member, shown) => {
    const event = await store(bodyOf('app_opened', `${APP},"user_id":"${name}",${member}`));
    expect(event).toMatchObject({ __typename: 'AppOpened', userId: name });
    const { installation_id: _, user_id: __, ...others } = event.payload;
    expect(others).toEqual(shown);
  });

  test('numbers that differ in the last digit are two events', async () => {
    const bodies = ['110988663231921363', '110988663231921364'].map((number) =>
      bodyOf('room_opened', `"room_id":${number}`),
    );
    for (const body of bodies) expect((await server.postRaw(body)).body.status).toBe('stored');
  });
});

const TOO_LARGE = 'payload.professional_id: too large: expected a whole number within ±(2^53 − 1)';

test.each(['9007199254740992', '-9007199254740992', '1e999', '1e20', '-1E+400'])(
  'the fault of a declared integer says that it is too large: %s',
  async (number) => {
    const members = `${APP},"user_id":"u${number}","message_id":"ba55ab42-9d09-4fbe-805e-ac91e62cae3f"`;
    const event = await store(
      bodyOf('message_sent', `${members},"speciality":"work","professional_id":${number}`),
    );
    expect(event.faults).toEqual([TOO_LARGE]);
  },
);

test('a declared integer makes it malformed, a declared text does not', async () => {
  const message = `${APP},"user_id":"u","message_id":"ba55ab42-9d09-4fbe-805e-ac91e62cae3f"`;
  const number = await store(
    bodyOf('message_sent', `${message},"speciality":"work","professional_id":110988663231921363`),
  );
  expect(number).toMatchObject({ __typename: 'MalformedEvent' });
  expect(number.faults).toEqual([TOO_LARGE]);
  const text = await store(
    bodyOf('message_sent', `${message},"speciality":"work \\ud83d","professional_id":5`),
  );
  expect(text).toMatchObject({ __typename: 'MessageSent' });
  const user = await store(bodyOf('app_opened', `${APP},"user_id":110988663231921363`));
  expect(user).toMatchObject({ __typename: 'AppOpened', userId: '110988663231921363' });
});

test('personal words beside them are recognised, and erased', async () => {
  const ada = createPerson();
  const member = `"\\ud83dtel":"${ada.phone}","note":"\\ud83d${ada.email}\\ud83d"`;
  const answer = await server.postRaw(
    deliveryAbout(ada, 'app_opened').replace('"payload":{', `"payload":{${member},`),
  );
  const reader = await server.token({ scope: 'events:read' });
  const { body } = await server.query(ONE, { id: answer.body.id }, reader);
  expect(JSON.stringify(body.data.event.payload)).not.toContain(ada.phone);
  await server.postRaw(deliveryAbout(ada, 'user_first_logged_in'));
  await server.postRaw(
    `{"type":"noted","occurred_on":"2024-01-01T00:00:00Z","payload":{${member},"\\ud83duid":"${ada.id}"}}`,
  );
  await server.query(
    'mutation ($id: ID!) { eraseUser(userId: $id) { events } }',
    { id: ada.id },
    await server.token({ scope: 'events:admin' }),
  );
  expect(await placesOf(server.mongodbUri, tracesOf(ada))).toEqual([]);
});

describe('what would hide keys from rights and erasure stays in quarantine', () => {
  test.each([
    ['a key twice', '"a":1,"a":2'],
    ['a key twice, once shown as text', '"a\\ud800":1,"a\\\\ud800":2'],
    ['65 levels', `"a":${'['.repeat(63)}${']'.repeat(63)}`],
  ])('%s', async (_, members) => {
    expect(await server.postRaw(bodyOf('noted', members))).toMatchObject({
      status: 422,
      body: { type: 'urn:eventline:problem:json-not-exact', quarantined: true },
    });
  });
});
