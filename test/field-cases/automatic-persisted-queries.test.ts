import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import * as apollo3 from 'apollo-client-3/core/index.js';
import { createPersistedQueryLink } from 'apollo-client-3/link/persisted-queries/index.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openSocket } from '../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

const HEAD = 'query Head { head }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(HEAD) } } };
const NOT_SUPPORTED = [
  {
    message: 'PersistedQueryNotSupported',
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', requestId: expect.any(String) },
  },
];

let server: TestServer;
let headers: { authorization: string };
/** The bodies of a client's requests. */
let sent: { query?: string; extensions?: object }[];
beforeAll(async () => {
  server = await startTestServer();
  headers = { authorization: `Bearer ${await server.token()}` };
});
afterAll(() => server.close());

const recorded = () => {
  sent = [];
  const record: typeof fetch = (url, init) => {
    sent.push(JSON.parse(String(init?.body)));
    return fetch(url, init);
  };
  return { uri: `${server.url}/graphql`, url: `${server.url}/graphql`, headers, fetch: record };
};

/** The client sent the hash, and then the text. */
function expectSecondTry() {
  expect(sent.map(({ query }) => query !== undefined)).toEqual([false, true]);
}

test('Apollo Client 4 sends the text by itself', async () => {
  const link = new PersistedQueryLink({ sha256 }).concat(new HttpLink(recorded()));
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  onTestFinished(() => client.stop());
  const { data } = await client.query({ query: gql(HEAD) });
  expect(data).toEqual({ head: expect.any(String) });
  expectSecondTry();
});

test('Apollo Client 3 sends the text by itself', async () => {
  const link = createPersistedQueryLink({ sha256 }).concat(new apollo3.HttpLink(recorded()));
  const client = new apollo3.ApolloClient({ cache: new apollo3.InMemoryCache(), link });
  onTestFinished(() => client.stop());
  const { data } = await client.query({ query: apollo3.gql(HEAD) });
  expect(data).toEqual({ head: expect.any(String) });
  expectSecondTry();
});

test('urql sends the text by itself', async () => {
  const { url, fetch: recording } = recorded();
  const client = new Client({
    url,
    fetch: recording,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [persistedExchange({ preferGetForPersistedQueries: false }), fetchExchange],
  });
  const { data, error } = await client.query(HEAD, {}).toPromise();
  expect([data, error]).toEqual([{ head: expect.any(String) }, undefined]);
  expectSecondTry();
});

async function post(body: object) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [response.status, (await response.json()).errors];
}

test.for([byHash, { query: '', ...byHash }, { query: null, ...byHash }, { id: 'x', ...byHash }])(
  '%j is not supported',
  async (body) => {
    expect(await post(body)).toEqual([400, NOT_SUPPORTED]);
  },
);

const IDS = [{ id: 'x' }, { doc_id: '7' }, { documentId: 'sha256:a' }, { query: '', id: 'x' }];
const BY_ID = [
  {
    message: expect.stringContaining('Send its text as `query`.'),
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
  },
];

test.for(IDS)('the id %j of a document is not supported either, and why', async (body) => {
  expect(await post(body)).toMatchObject([400, BY_ID]);
  const parameters = new URLSearchParams(body as Record<string, string>);
  const byGet = await fetch(`${server.url}/graphql?${parameters}`, {
    headers: { ...headers, 'GraphQL-Require-Preflight': '1' },
  });
  expect([byGet.status, (await byGet.json()).errors]).toMatchObject([400, BY_ID]);
  const socket = await openSocket(server.url, await server.token());
  expect(await socket.errorsOf({ ...body, query: '' })).toMatchObject(BY_ID);
  await socket.close();
});

test.for([{}, { query: null }, { query: '' }, { variables: {} }, { id: 5 }, { documentId: '' }])(
  '%j has no document: 400, whatever the client accepts',
  async (body) => {
    expect(await post(body)).toMatchObject([
      400,
      [
        {
          message: 'The request has no `query`. Send a document.',
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    ]);
  },
);

test('nor is a hash by GET or over WebSocket', async () => {
  const extensions = encodeURIComponent(JSON.stringify(byHash.extensions));
  const response = await fetch(`${server.url}/graphql?extensions=${extensions}`, {
    headers: { ...headers, 'GraphQL-Require-Preflight': '1' },
  });
  expect((await response.json()).errors).toEqual(NOT_SUPPORTED);
  const socket = await openSocket(server.url, await server.token());
  expect(await socket.errorsOf({ query: '', ...byHash })).toEqual(NOT_SUPPORTED);
  await socket.close();
});

test('a hash that is none is no hash', async () => {
  expect(await post({ extensions: { persistedQuery: 5 } })).toMatchObject([
    400,
    [{ extensions: { code: 'BAD_USER_INPUT' } }],
  ]);
});
