import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventIds } from '../../../src/log/read/event-ids.ts';
import { readLogIds } from '../../utils/log-ids.ts';
import { openStoredData } from '../../utils/open-stored-data.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const EVENT = 'query ($id: ID!) { found: event(id: $id) { __typename id } }';
const NODE = 'query ($id: ID!) { found: node(id: $id) { __typename id } }';

let server: TestServer;
let ids: Record<'AppOpened' | 'UnknownEvent', string>;
beforeAll(async () => {
  server = await startTestServer();
  const known = await server.post('app_opened');
  const unknown = await server.postRaw(
    '{"type":"new_thing","occurred_on":"2021-09-14T15:55:12Z","payload":{}}',
  );
  ids = { AppOpened: known.body.id, UnknownEvent: unknown.body.id };
});
afterAll(() => server.close());

const localPart = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1] ?? '';
const idOf = (typeName: string, local: string) =>
  Buffer.from(`${typeName}:${local}`).toString('base64');

describe.each([
  ['event', EVENT],
  ['node', NODE],
])('%s', (_, query) => {
  test.each(['AppOpened', 'UnknownEvent'] as const)(
    "finds the event by the webhook's id: %s",
    async (typeName) => {
      const { body } = await server.query(query, { id: ids[typeName] });
      expect(body).toEqual({ data: { found: { __typename: typeName, id: ids[typeName] } } });
    },
  );

  test('is null for a missing event', async () => {
    const { globalId } = await readLogIds(server.mongodbUri);
    const id = globalId({ type: 'app_opened', digest: Buffer.alloc(32) });
    expect((await server.query(query, { id })).body).toEqual({ data: { found: null } });
  });

  test('is null for another type, and reveals nothing of the event', async () => {
    const id = idOf('MessageSent', localPart(ids.AppOpened));
    expect((await server.query(query, { id })).body).toEqual({ data: { found: null } });
  });

  test.each([
    ['nothing', ''],
    ['rubbish', 'rubbish'],
    ['a digest alone', Buffer.alloc(32).toString('base64url')],
    ['no colon', Buffer.from('AppOpened').toString('base64')],
    ['a number', '1'],
  ])('is BAD_USER_INPUT for %s', async (_, id) => {
    const { body } = await server.query(query, { id });
    expect(body.data).toEqual({ found: null });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

test('node is null for types that are not nodes', async () => {
  for (const typeName of ['Query', 'Event', 'Nothing', '__proto__', 'constructor']) {
    const { body } = await server.query(NODE, { id: idOf(typeName, localPart(ids.AppOpened)) });
    expect(body.data).toEqual({ found: null });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});

test('a cursor is not an id', async () => {
  const { body: page } = await server.query('{ events { edges { cursor } } }');
  for (const query of [EVENT, NODE]) {
    const { body } = await server.query(query, { id: page.data.events.edges[0].cursor });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
});

test('an id of another log, a changed id, and one of version 0.1.0 match no event', async () => {
  const own = localPart(ids.AppOpened);
  const storedData = await openStoredData(server.mongodbUri);
  const [stored] = await storedData.events();
  await storedData.close();
  const digest = Buffer.from(stored?._id.value() ?? []);
  const others = [
    createEventIds(randomBytes(16)).localId(digest),
    `${own.slice(0, -1)}${own.endsWith('A') ? 'Q' : 'A'}`,
    digest.toString('base64url'),
  ];
  for (const local of others) {
    const id = idOf('AppOpened', local);
    const { body } = await server.query(EVENT, { id });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await server.query(NODE, { id })).body).toEqual({ data: { found: null } });
  }
});
