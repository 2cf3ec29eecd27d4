import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorsOver } from '../../auth/operate.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** The largest answer with one error: a message of 1,000 characters, its place and its code. */
const MAX_ANSWER_LENGTH = 2_048;
const SECRET = 'S3cret';

const many = (count: number, key = 'k') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${key}${index}`, SECRET]));

/** A type, its invalid value, and the whole message. */
const INVALID: [string, string, unknown, string][] = [
  [
    '1,500 unknown fields',
    'EventFilter',
    many(1_500),
    'got an invalid value; Field "k0" is not defined by type "EventFilter".',
  ],
  [
    'a long string beside unknown fields',
    'EventFilter',
    { ...many(60), big: '"'.repeat(100_000) },
    'got an invalid value; Field "k0" is not defined by type "EventFilter".',
  ],
  [
    'a misspelled field',
    'EventFilter',
    { userIdz: [SECRET] },
    'got an invalid value; Field "userIdz" is not defined by type "EventFilter". Did you mean "userIds"?',
  ],
  [
    'a field with a very long name',
    'EventFilter',
    { [SECRET.repeat(20_000)]: 1 },
    'got an invalid value; A field with an unknown name is not defined by type "EventFilter".',
  ],
  [
    'a field whose name is text',
    'EventFilter',
    { [`${SECRET}@example.com`]: 1 },
    'got an invalid value; A field with an unknown name is not defined by type "EventFilter".',
  ],
  [
    'a string for an object',
    'EventFilter',
    SECRET.repeat(20_000),
    'got an invalid value; Expected type "EventFilter" to be an object.',
  ],
  [
    'many invalid items',
    'EventFilter',
    { installationIds: Array.from({ length: 1_500 }, () => SECRET) },
    'got an invalid value at "f.installationIds[0]"; Expected type "UUID".',
  ],
  [
    'a single long item for a list',
    'EventFilter',
    { installationIds: SECRET.repeat(20_000) },
    'got an invalid value at "f.installationIds"; Expected type "[UUID!]".',
  ],
  [
    'a null in a list',
    'EventFilter',
    { installationIds: [null] },
    'got an invalid value at "f.installationIds[0]"; Expected non-nullable type "UUID!" not to be null.',
  ],
  [
    'an unknown member of an enum',
    'EventFilter',
    { types: [SECRET.repeat(20_000)] },
    'got an invalid value at "f.types[0]"; Expected type "EventType".',
  ],
  [
    'an object for a number',
    'EventFilter',
    { professionalIds: [many(1_500)] },
    'got an invalid value at "f.professionalIds[0]"; Expected type "SafeInt".',
  ],
  [
    'an object for a string',
    'EventFilter',
    { specialities: [many(1_500)] },
    'got an invalid value at "f.specialities[0]"; Expected type "String".',
  ],
  [
    'text for an instant',
    'EventFilter',
    { occurredOn: { from: SECRET.repeat(20_000) } },
    'got an invalid value at "f.occurredOn.from"; DateTime: expected an instant with an offset, of the years 1 to 9999 in UTC, such as "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+02:00" or "2026-01-01T00:00:00+0200".',
  ],
  ['null', 'EventFilter!', null, 'of non-null type "EventFilter!" must not be null.'],
  ['nothing', 'EventFilter!', undefined, 'of required type "EventFilter!" was not provided.'],
];

describe.each([
  ['HTTP', 'query'],
  ['WebSocket', 'query'],
  ['WebSocket', 'subscription'],
  ['SSE', 'query'],
  ['SSE', 'subscription'],
] as const)('over %s, in a %s', (transport, operation) => {
  test.each(INVALID)('%s is refused with one error', async (_, type, value, problem) => {
    const selection = operation === 'query' ? '{ edges { cursor } }' : '{ id }';
    const query = `${operation} ($f: ${type}) { events(filter: $f) ${selection} }`;
    const token = await server.token({ scope: '' });
    const errors = await errorsOver[transport](server, { query, variables: { f: value }, token });
    const answer = JSON.stringify(errors);
    expect(answer.length).toBeLessThan(MAX_ANSWER_LENGTH);
    expect(answer).not.toContain(SECRET);
    expect(errors).toMatchObject([
      { message: `Variable "$f" ${problem}`, extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('a long name in a document is not repeated in full', async () => {
    const query = `${operation} { events { ${'n'.repeat(100_000)} } }`;
    const token = await server.token();
    const errors = await errorsOver[transport](server, { query, token });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors[0]?.message).toMatch(/^Cannot query field "n{900,}…$/);
    expect(errors[0]?.message.length).toBeLessThan(1_024);
  });
});

test('a document with valid variables before is refused with invalid ones', async () => {
  const query = 'query ($f: EventFilter) { events(filter: $f) { edges { cursor } } }';
  expect((await server.query(query, { f: {} })).body.errors).toBeUndefined();
  expect((await server.query(query, { f: many(2) })).body.errors).toHaveLength(1);
});
