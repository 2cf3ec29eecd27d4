import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config.ts';
import { readPersistedOperations } from '../../../src/server/graphql/read-persisted-operations.ts';
import { LIVE } from '../../documents.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';

const HEAD = 'query Head { head }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const listed = new Map([HEAD, LIVE.toString()].map((text) => [hashOf(text), text]));
const byHash = (sha256Hash: unknown) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
});
const REFUSED = 'This document is not in the list of persisted operations.';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer({ persistedOperations: listed });
  token = await server.token();
});
afterAll(() => server.close());

async function post(body: object, accept = 'application/graphql-response+json') {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      Accept: accept,
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const taken = [
  ['the text', { query: HEAD }],
  ['the hash', byHash(hashOf(HEAD))],
  ['the id', { documentId: hashOf(HEAD) }],
  ['the id with its prefix', { documentId: `sha256:${hashOf(HEAD)}` }],
  ["Relay's doc_id", { doc_id: hashOf(HEAD) }],
  ["a network layer's id", { id: hashOf(HEAD) }],
  ['the hash beside a name', { id: 'Head', ...byHash(hashOf(HEAD)) }],
  ['the hash and an empty text', { query: '', ...byHash(hashOf(HEAD)) }],
  ['the text and a hash, as on a second try', { query: HEAD, ...byHash(hashOf(HEAD)) }],
] as const;
const refused = [
  ['another text', { query: '{ head }' }],
  ['the text with a blank more', { query: `${HEAD} ` }],
  ['another text under a listed hash', { query: '{ __typename }', ...byHash(hashOf(HEAD)) }],
  ['another text under a listed id', { query: '{ __typename }', documentId: hashOf(HEAD) }],
  ['an unknown hash', byHash(hashOf('{ head }'))],
  ['a hash in capitals', byHash(hashOf(HEAD).toUpperCase())],
  ['a text as its hash', byHash(HEAD)],
  ['a hash that is an object', byHash({ $ne: null })],
  ['a name of every object', byHash('constructor')],
  ['another name of every object', { documentId: '__proto__' }],
  ['an unknown id of Relay', { doc_id: 'x', id: 'y' }],
  ['another prefix', { documentId: `md5:${hashOf(HEAD)}` }],
  ['a list of ids', { documentId: [hashOf(HEAD)] }],
  ['extensions that are none', { extensions: { persistedQuery: 5 } }],
  ['nothing', {}],
] as const;

describe('over HTTP', () => {
  test.each(taken)('%s of a listed document is answered', async (_, parameters) => {
    const { status, text } = await post(parameters);
    expect([status, JSON.parse(text)]).toEqual([200, { data: { head: expect.any(String) } }]);
  });

  test.each(refused)('%s is refused', async (_, parameters) => {
    const { status, text } = await post(parameters);
    expect(status).toBe(400);
    expect(JSON.parse(text).errors).toMatchObject([
      { message: REFUSED, extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('a GET is subject to the same list', async () => {
    for (const [parameters, status] of [
      [{ query: HEAD }, 200],
      [{ documentId: hashOf(HEAD) }, 200],
      [{ query: '{ head }' }, 400],
      [{ documentId: 'x' }, 400],
    ] as const) {
      const response = await fetch(`${server.url}/graphql?${new URLSearchParams(parameters)}`, {
        headers: {
          Accept: 'application/graphql-response+json',
          'GraphQL-Require-Preflight': '1',
          Authorization: `Bearer ${token}`,
        },
      });
      expect(response.status).toBe(status);
      await response.text();
    }
  });
});

test('over SSE, subscriptions follow the same list', async () => {
  const { text } = await post({ query: 'subscription { events { id } }' }, 'text/event-stream');
  expect(text).toContain(REFUSED);
});

describe('over WebSocket', () => {
  // graphql-ws requires a query text, so an empty one is sent.
  test.each(taken)('%s of a listed document is answered', async (_, parameters) => {
    const socket = await openSocket(server.url, token);
    socket.start('a', { query: '', ...parameters });
    expect(await socket.next('a')).toMatchObject({
      type: 'next',
      payload: { data: { head: expect.any(String) } },
    });
    await socket.close();
  });

  test.each(refused)('%s is refused', async (_, parameters) => {
    const socket = await openSocket(server.url, token);
    const errors = await socket.errorsOf({ query: '', ...parameters });
    expect(errors).toMatchObject([{ message: REFUSED, extensions: { code: 'BAD_USER_INPUT' } }]);
    await socket.close();
  });

  test('a listed subscription runs by its hash, with variables', async () => {
    const socket = await openSocket(server.url, token);
    const filter = { userIds: ['only-one'] };
    socket.start('a', { query: '', ...byHash(hashOf(LIVE.toString())), variables: { filter } });
    await socket.errorsOf({ query: HEAD });
    await server.post('app_opened', { user_id: 'another' });
    await server.post('app_opened', { user_id: 'only-one' });
    expect(await socket.next('a')).toMatchObject({
      payload: { data: { events: { userId: 'only-one' } } },
    });
    await socket.close();
  });
});

describe('an invalid list is refused at the start, with each fault', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'eventline-operations-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function faultsOf(text: string): Promise<string[]> {
    const file = join(directory, 'list.json');
    await writeFile(file, text);
    const error = await readPersistedOperations(file).then(
      () => undefined,
      (thrown) => thrown,
    );
    if (!(error instanceof ConfigError)) throw error ?? new Error('it was taken');
    const [, ...lines] = error.message.split('\n');
    return lines.map((line) => line.trim().replace(`PERSISTED_OPERATIONS: ${file}: `, ''));
  }

  test.each([
    ['{', ['is not JSON']],
    ['', ['is not JSON']],
    ['[]', ['expected an object of ids to documents: {"<hash>": "query …"}']],
    ['null', ['expected an object of ids to documents: {"<hash>": "query …"}']],
    ['{}', ['holds no operation, so nothing could run']],
    ['{"a":"{ head }","b":5}', ['entry "b": expected the text of a document']],
    ['{"a":"{ head"}', [expect.stringMatching(/^entry "a": Syntax Error/)]],
    ['{"a":""}', [expect.stringMatching(/^entry "a": Syntax Error/)]],
    [
      '{"a":"{ colour }","b":"{ head }","c":"{ events }"}',
      [
        expect.stringMatching(/^entry "a": Cannot query field "colour"/),
        expect.stringMatching(/^entry "c": .*selection/),
      ],
    ],
  ])('%s', async (text, faults) => {
    expect(await faultsOf(text)).toEqual(faults);
  });

  test('a file that is missing', async () => {
    const file = join(directory, 'missing.json');
    await expect(readPersistedOperations(file)).rejects.toThrow(
      `PERSISTED_OPERATIONS: ${file}: cannot be read (ENOENT)`,
    );
  });
});
