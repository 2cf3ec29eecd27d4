import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';

const IN_VARIABLE = `query ($range: DateTimeRange) {
  events(filter: { occurredOn: $range }) { edges { node { id } } }
}`;
const inLiteral = (end: string, text: string) =>
  `{ events(filter: { occurredOn: { ${end}: "${text}" } }) { edges { node { id } } } }`;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const delivery = JSON.parse(deliveryOf('app_opened'));
  const occurred_on = '2021-09-14T15:55:12.642+0000';
  await server.postRaw(JSON.stringify({ ...delivery, occurred_on }));
});
afterAll(() => server.close());

/** Each names the same instant. */
test.for([
  '2021-09-14T15:55:12.642+0000',
  '2021-09-14T15:55:12.642Z',
  '2021-09-14t15:55:12.642z',
  '2021-09-14T17:55:12.642+02:00',
  '2021-09-14T10:55:12.642-05',
  '2021-09-14T15:55:12.6420000-0000',
])('%s is taken as the webhook takes it', async (from) => {
  const { body } = await server.query(IN_VARIABLE, { range: { from } });
  expect(body.data?.events.edges, body.errors?.[0].message).toHaveLength(1);
  const literal = await server.query(inLiteral('until', from));
  expect(literal.body.data?.events.edges).toHaveLength(0);
});

test.for([
  // Beyond what a log can store, in UTC.
  '9999-12-31T23:59:59-05:00',
  '0001-01-01T00:00:00+00:01',
  // No instant.
  '2021-09-14T15:55:12',
  '2021-09-14',
  '2021-02-30T00:00:00Z',
  '',
  1_631_634_912,
  true,
])('%s is refused with the forms, and its place', async (from) => {
  const { body } = await server.query(IN_VARIABLE, { range: { from } });
  expect(body.errors).toMatchObject([
    {
      message: expect.stringMatching(/at "range.from".*2026-01-01T00:00:00Z.*\+0200/),
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
  const query = '{ firstLogins(createdOn: { until: %s }) { installations } }';
  const literal = await server.query(query.replace('%s', JSON.stringify(from)));
  expect(literal.body.errors).toMatchObject([
    {
      message: expect.stringMatching(/2026-01-01T00:00:00Z.*\+0200/),
      locations: [{ line: 1, column: 35 }],
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});
