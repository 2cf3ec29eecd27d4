import { type Answer, ask, type Check, expectEqual, expectMatch, type Target } from './check.ts';

const QUERY = { query: '{ __typename }' };
const DATA = { data: { __typename: 'Query' } };
const GRAPHQL_JSON = 'application/graphql-response+json';
const PREFLIGHT = { 'GraphQL-Require-Preflight': '1' };
const HASH = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };

type Expected = Partial<{ status: number; type: RegExp; code: string; json: unknown }>;

/** A check of one request: its status, Content-Type, first error code and body. */
function answers(
  name: string,
  send: (target: Target) => Promise<Answer>,
  { status = 200, type, code, json }: Expected,
): Check {
  return {
    name: `HTTP: ${name}`,
    async run(target) {
      const answer = await send(target);
      expectEqual(answer.status, status);
      if (type) expectMatch(answer.headers.get('content-type'), type);
      if (code) expectEqual(answer.json?.errors?.[0]?.extensions?.code, code);
      if (json) expectEqual(answer.json, json);
    },
  };
}

const post =
  (body: unknown, headers = {}, method = 'POST') =>
  (target: Target) =>
    ask(target, { body: typeof body === 'string' ? body : JSON.stringify(body), headers, method });
const get =
  (parameters: Record<string, string>, headers: Record<string, string> = PREFLIGHT) =>
  (target: Target) =>
    ask(target, { method: 'GET', headers }, `?${new URLSearchParams(parameters)}`);

const formats: Check[] = [
  [GRAPHQL_JSON, /^application\/graphql-response\+json/],
  ['application/json', /^application\/json/],
  ['*/*', /json/],
  ['application/*', /json/],
  [`${GRAPHQL_JSON}; charset=utf-8, application/json; charset=utf-8`, /json/],
  ['text/html;q=0.9, application/json;q=0.1', /^application\/json/],
  [`application/json;q=0.5, ${GRAPHQL_JSON}`, /^application\/graphql-response\+json/],
  [`${GRAPHQL_JSON};q=0, */*`, /^application\/json/],
  ['multipart/mixed, application/json', /^application\/json/],
  ['', /json/],
].map(([accept, type]) =>
  answers(`Accept ${accept || 'empty'} is answered in it`, post(QUERY, { Accept: accept }), {
    type: type as RegExp,
    json: DATA,
  }),
);

const bodies: Check[] = [
  ...['application/json', 'application/json; charset=utf-8', 'Application/JSON'].map((type) =>
    answers(`Content-Type ${type} is taken`, post(QUERY, { 'Content-Type': type }), { json: DATA }),
  ),
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((type) =>
    answers(`Content-Type ${type} is 415`, post(QUERY, { 'Content-Type': type }), {
      status: 415,
      code: 'BAD_USER_INPUT',
    }),
  ),
  ...[`\ufeff${JSON.stringify(QUERY)}`, `\n ${JSON.stringify(QUERY)} \n`].map((text) =>
    answers(`the body ${JSON.stringify(text)} is taken`, post(text), { json: DATA }),
  ),
  ...['', '{', 'null', '5', '"text"', '{"query":"{ head }"'].map((text) =>
    answers(`the body ${JSON.stringify(text)} is 400`, post(text), {
      status: 400,
      code: 'BAD_USER_INPUT',
    }),
  ),
];

const wrong = [5, true, {}, []];
const parameters: Check[] = [
  ...['operationName', 'variables', 'extensions'].map((name) =>
    answers(`${name} may be null`, post({ ...QUERY, [name]: null }), { json: DATA }),
  ),
  ...wrong.map((value) =>
    answers(`query ${JSON.stringify(value)} is 400`, post({ query: value }), { status: 400 }),
  ),
  ...[5, true, 'text', []].flatMap((value) =>
    ['variables', 'extensions'].map((name) =>
      answers(`${name} ${JSON.stringify(value)} is 400`, post({ ...QUERY, [name]: value }), {
        status: 400,
      }),
    ),
  ),
  ...['id', 'doc_id', 'operationKind', 'key'].map((name) =>
    answers(`the unknown member ${name} is ignored`, post({ ...QUERY, [name]: 'x' }), {
      json: DATA,
    }),
  ),
  answers('an empty operationName is none', post({ ...QUERY, operationName: '' }), { json: DATA }),
  ...[GRAPHQL_JSON, 'application/json'].flatMap((accept) =>
    [{}, { query: '' }, { query: null }].map((body) =>
      answers(`${JSON.stringify(body)} is 400 in ${accept}`, post(body, { Accept: accept }), {
        status: 400,
        type: new RegExp(`^${accept.replace('+', '\\+')}`),
        code: 'BAD_USER_INPUT',
      }),
    ),
  ),
  answers('a list of requests is 400', post([QUERY]), { status: 400, code: 'BAD_USER_INPUT' }),
  answers('a hash without a text has a code of its own', post({ extensions: HASH }), {
    status: 400,
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
  }),
  ...['id', 'doc_id', 'documentId'].map((name) =>
    answers(`the ${name} of an unknown document has the same code`, post({ [name]: 'x' }), {
      status: 400,
      code: 'PERSISTED_QUERY_NOT_SUPPORTED',
    }),
  ),
  answers('a text beside its hash is run', post({ ...QUERY, extensions: HASH }), { json: DATA }),
];

const operations: Check[] = [
  ...['{', '{ colour }', 'query A { head } query B { head }', 'query ($a: Int!) { head }'].map(
    (query) =>
      answers(`${query} is 400 in ${GRAPHQL_JSON}`, post({ query }, { Accept: GRAPHQL_JSON }), {
        status: 400,
        code: 'BAD_USER_INPUT',
      }),
  ),
  answers(
    'the named operation is run',
    post({
      query: 'query A { a: __typename } query B { b: __typename }',
      operationName: 'B',
    }),
    { json: { data: { b: 'Query' } } },
  ),
  answers(
    'variables are taken',
    post({
      query: 'query ($yes: Boolean!) { __typename @include(if: $yes) }',
      variables: { yes: true },
    }),
    { json: DATA },
  ),
  answers(
    'a cursor of no log is CURSOR_INVALID',
    post({
      query: '{ events(after: "no cursor") { reached } }',
    }),
    { code: 'CURSOR_INVALID' },
  ),
  answers(
    'a subscription without an event stream is 400',
    post({ query: 'subscription { events { id } }' }, { Accept: 'application/json' }),
    { status: 400, code: 'BAD_USER_INPUT' },
  ),
];

const byGet: Check[] = [
  answers('GET with the preflight header is answered', get(QUERY), { json: DATA }),
  answers('GET without it is 400', get(QUERY, {}), { status: 400, code: 'BAD_USER_INPUT' }),
  answers(
    'GET takes variables',
    get({
      query: 'query ($no: Boolean!) { __typename @skip(if: $no) }',
      variables: '{"no":false}',
    }),
    { json: DATA },
  ),
  answers('GET with variables that are not JSON is 400', get({ ...QUERY, variables: '{' }), {
    status: 400,
  }),
  answers('GET with unknown parameters is answered', get({ ...QUERY, utm_source: 'x' }), {
    json: DATA,
  }),
  answers('a mutation by GET is 405', get({ query: 'mutation { __typename }' }), { status: 405 }),
];

const refusals: Check[] = [
  ...['PUT', 'DELETE', 'PATCH'].map((method) =>
    answers(`${method} is 405 with a reason`, post(QUERY, {}, method), {
      status: 405,
      code: 'BAD_USER_INPUT',
    }),
  ),
  ...['text/html', 'image/png', 'multipart/mixed', '*/*;q=0'].map((accept) =>
    answers(`Accept ${accept} is 406 with a reason`, post(QUERY, { Accept: accept }), {
      status: 406,
      code: 'BAD_USER_INPUT',
    }),
  ),
  ...['', 'Bearer', 'Bearer none', 'Basic dTpw', 'none'].map((value) =>
    answers(`Authorization ${value || 'empty'} is 401`, post(QUERY, { Authorization: value }), {
      status: 401,
      code: 'UNAUTHENTICATED',
    }),
  ),
  answers(
    'a token in the URL is not taken',
    (target) =>
      ask(
        target,
        { body: JSON.stringify(QUERY), headers: { Authorization: '' } },
        `?access_token=${target.token}`,
      ),
    { status: 401, code: 'UNAUTHENTICATED' },
  ),
];

/** A check of one response header of a query. */
const header = (name: string, pattern: RegExp, sent = {}): Check => ({
  name: `HTTP: ${name} is ${pattern.source}`,
  async run(target) {
    expectMatch((await post(QUERY, sent)(target)).headers.get(name), pattern);
  },
});

const headers: Check[] = [
  header('x-request-id', /^[\w-]{36}$/),
  header('x-request-id', /^my-own-id$/, { 'X-Request-Id': 'my-own-id' }),
  header('www-authenticate', /^Bearer/, { Authorization: '' }),
  header('cache-control', /no-store/),
  header('x-content-type-options', /nosniff/),
  header('vary', /Origin/i),
  header('access-control-allow-origin', /^null$/, { Origin: 'https://foreign.example' }),
  header('access-control-allow-credentials', /^null$/, { Origin: 'https://foreign.example' }),
];

const paths: Check[] = ['/', '//', '/?x=1'].map((end) => ({
  name: `HTTP: /graphql${end} is the endpoint`,
  async run(target) {
    expectEqual((await ask(target, { body: JSON.stringify(QUERY) }, end)).json, DATA);
  },
}));

/** What a client may rely on over HTTP. */
export const httpChecks: readonly Check[] = [
  ...[...formats, ...bodies, ...parameters, ...operations],
  ...[...byGet, ...refusals, ...headers, ...paths],
];
