import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const LISTED = 'https://app.example';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ allowedOrigins: [LISTED], limits: { maxGraphqlBytes: 1_024 } });
});
afterAll(() => server.close());

const QUERY = '{"query":"{ head }"}';
const ask = async (init: RequestInit & { headers?: Record<string, string> }, path = '/graphql') => {
  const response = await fetch(server.url + path, {
    ...init,
    headers: { Authorization: `Bearer ${await server.token()}`, ...init.headers },
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers };
};

describe('a request that needs no CORS preflight runs nothing', () => {
  const form = new URLSearchParams({ query: '{ head }' });
  const multipart = new FormData();
  multipart.set('operations', QUERY);
  multipart.set('map', '{}');
  test.each([
    ['text/plain', { body: QUERY, headers: { 'Content-Type': 'text/plain' } }],
    [
      'text/plain that calls itself JSON',
      { body: QUERY, headers: { 'Content-Type': 'text/plain; application/json' } },
    ],
    [
      'text/plain before JSON',
      { body: QUERY, headers: { 'Content-Type': 'text/plain, application/json' } },
    ],
    ['a form', { body: form }],
    ['a form with files', { body: multipart }],
    ['no type', { body: new Blob([QUERY]) }],
    ['a GraphQL text', { body: '{ head }', headers: { 'Content-Type': 'application/graphql' } }],
    [
      'JSON in another encoding',
      { body: QUERY, headers: { 'Content-Type': 'application/json; charset=utf-16' } },
    ],
  ])('POST of %s', async (_, init) => {
    const { status, text } = await ask({ method: 'POST', ...init });
    expect(status).toBe(415);
    expect(text).not.toContain('"data"');
    expect(JSON.parse(text).errors).toMatchObject([
      {
        message: expect.stringContaining('A POST needs Content-Type application/json'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test.each(['application/json', 'text/event-stream', '*/*'])('GET for %s', async (accept) => {
    const path = `/graphql?query=${encodeURIComponent('{ head }')}`;
    const { status, text } = await ask({ headers: { Accept: accept } }, path);
    expect(status).toBe(400);
    expect(text).not.toContain('"data":{');
    expect(text).toContain('A GET needs the header GraphQL-Require-Preflight: 1.');
  });
});

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/graphql+json',
])('a POST of %s runs', async (type) => {
  const { status, text } = await ask({
    method: 'POST',
    body: QUERY,
    headers: { 'Content-Type': type },
  });
  // Yoga only knows the lower-case type: it gives no answer, and runs nothing.
  if (type === 'APPLICATION/JSON') expect([200, 415]).toContain(status);
  else expect([status, JSON.parse(text)]).toEqual([200, { data: { head: expect.any(String) } }]);
});

test('a GET with a header that forces a preflight runs', async () => {
  const path = `/graphql?query=${encodeURIComponent('{ head }')}`;
  const { text } = await ask(
    { headers: { 'GraphQL-Require-Preflight': '1', Accept: 'application/json' } },
    path,
  );
  expect(JSON.parse(text)).toEqual({ data: { head: expect.any(String) } });
});

test.each([
  ['a list', '[{"query":"{ head }"},{"query":"{ head }"}]'],
  ['a list of one', '[{"query":"{ head }"}]'],
  ['an empty list', '[]'],
  [
    'a list of a thousand',
    JSON.stringify(Array.from({ length: 30 }, () => ({ query: '{ head }' }))),
  ],
])('%s of operations is refused, and none of them runs', async (_, body) => {
  const { status, text } = await ask({
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  });
  expect(status).toBe(400);
  expect(JSON.parse(text)).toEqual({
    errors: [
      {
        message: 'Batching is not supported.',
        extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
      },
    ],
  });
});

test.each([
  ['announced', (body: string): BodyInit => body],
  ['in chunks, without an announcement', (body: string): BodyInit => new Blob([body]).stream()],
])('a body above the limit is refused with its size and setting: %s', async (_, toBody) => {
  const body = toBody(JSON.stringify({ query: `{ head } #${'x'.repeat(2_000)}` }));
  const init = {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
    duplex: 'half',
  };
  const { status, text } = await ask(init as RequestInit & { headers: Record<string, string> });
  expect(status).toBe(413);
  expect(JSON.parse(text).errors).toMatchObject([
    {
      message: 'A request body may have 1024 (GRAPHQL_MAX_BYTES) bytes.',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

test('a chunked body without a length is accepted', async () => {
  const init = {
    method: 'POST',
    body: new Blob([QUERY.slice(0, 9), QUERY.slice(9)]).stream(),
    headers: { 'Content-Type': 'application/json' },
    duplex: 'half',
  };
  const { status, text } = await ask(init as RequestInit & { headers: Record<string, string> });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ data: { head: expect.any(String) } });
});

test.each([
  ['a number', '5'],
  ['null', 'null'],
  ['a query that is an object', '{"query":{"$ne":null}}'],
  ['variables that are a list', '{"query":"{ head }","variables":[1]}'],
  ['what is no JSON, with a secret', '{"query":"{ head }","variables":{"token":"s3cret"'],
])('%s is refused, and the answer quotes nothing of it', async (_, body) => {
  const { status, text } = await ask({
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  });
  expect(status).toBe(400);
  const { errors } = JSON.parse(text);
  expect(errors).toEqual([
    {
      message: expect.any(String),
      extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
    },
  ]);
  expect(text).not.toMatch(/s3cret|SyntaxError|originalError/);
});
