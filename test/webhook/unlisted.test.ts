import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog/catalog.ts';
import type { StoredData } from '../utils/open-stored-data.ts';
import type { TestServer } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';

let server: TestServer;
let storedData: StoredData;
useServer((started) => {
  ({ server, storedData } = started);
});

const ONE = `query ($id: ID!) {
  event(id: $id) { __typename type typeName userId installationId payload }
}`;
const occurred_on = '2021-09-14T15:55:12.642+00:00';
const installation_id = 'BA55AB42-9d09-4fbe-805e-ac91e62cae3f';

async function store(envelope: object) {
  const { body } = await server.postRaw(JSON.stringify({ occurred_on, ...envelope }));
  expect(body.status).toBe('stored');
  const { body: found } = await server.query(ONE, { id: body.id });
  expect(found.errors).toBeUndefined();
  return found.data.event;
}

describe('a delivery of an undeclared type is kept complete', () => {
  test.each([
    ['with both subjects', { user_id: 'u', installation_id }, 'u', installation_id.toLowerCase()],
    ['with none', {}, null, null],
    ['with null for both', { user_id: null, installation_id: null }, null, null],
    ['with subjects of other shapes', { user_id: 5.5, installation_id: 'ios-5' }, null, null],
    ['with a whole number as user', { user_id: 5 }, '5', null],
    ['with an empty user', { user_id: '' }, null, null],
    ['with subjects further down', { user: { user_id: 'u' } }, null, null],
  ])('%s', async (_, payload, userId, installationId) => {
    expect(await store({ type: 'video_call_started', payload })).toEqual({
      __typename: 'UnknownEvent',
      type: 'UNKNOWN',
      typeName: 'video_call_started',
      userId,
      installationId,
      payload,
    });
  });

  test.each([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'unknown',
    'UNKNOWN',
    'Message_Sent',
    'message_sent ',
    '$where',
    'a:b',
    ' ',
    'ñ€😀',
    'nul\0',
    't'.repeat(128),
    '😀'.repeat(128),
  ])('with the name %j', async (type) => {
    expect(await store({ type, payload: { user_id: `of ${type}` } })).toMatchObject({
      __typename: 'UnknownEvent',
      type: 'UNKNOWN',
      typeName: type,
      userId: `of ${type}`,
    });
  });
});

describe('a declared type keeps undeclared keys', () => {
  test.each(catalog.map(({ name, typeName, example }) => ({ name, typeName, example })))(
    '$name',
    async ({ name, typeName, example }) => {
      const payload = { ...example, constructor: 1, toString: null, extra: { list: [null, {}] } };
      expect(await store({ type: name, payload })).toMatchObject({
        __typename: typeName,
        typeName: name,
        payload,
      });
    },
  );

  test('also under __proto__', async () => {
    const payload = JSON.parse('{"user_id":"p","from_status":0,"to_status":2,"__proto__":{"a":1}}');
    const event = await store({ type: 'user_status_changed', payload });
    expect(JSON.stringify(event.payload)).toBe(JSON.stringify(payload));
  });
});

test('undeclared envelope members are kept separately, and do not affect the digest', async () => {
  const delivery = { type: 'new_thing', occurred_on, payload: { user_id: 'extra' } };
  const extra = JSON.parse(
    '{"version":2,"constructor":"x","__proto__":{"id":5},"":null,"$a.b":[]}',
  );
  const first = await server.postRaw(JSON.stringify({ ...extra, ...delivery }));
  expect(first.body.status).toBe('stored');
  const again = await server.postRaw(JSON.stringify(delivery));
  expect(again.body).toEqual({ ...first.body, status: 'duplicate' });
  const [document] = (await storedData.events()).slice(-1);
  expect(JSON.stringify(document?.extra)).toBe(
    '{"version":2,"constructor":"x","__proto__":{"id":5},"":null,"$a.b":[]}',
  );
});
