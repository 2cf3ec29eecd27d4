import { type DocumentNode, specifiedRules, validate } from 'graphql';
import { handleProtocols, parseMessage } from 'graphql-ws';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { describe, expect, test } from 'vitest';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import { completeLimits } from '../../src/config/limits.ts';
import { schema } from '../../src/schema/schema.ts';
import { useDocumentLimits } from '../../src/server/graphql/limit-documents.ts';
import { takesEventStream } from '../../src/server/graphql/limit-subscriptions.ts';
import { createFindDocument } from '../../src/server/graphql/persisted-operations.ts';
import { isLocalBrowser } from '../../src/server/pages/is-local-browser.ts';
import { growthOf, MAX_GROWTH } from './growth.ts';
import { attempt, fill, many } from './hard-texts.ts';

/** Node refuses headers of more than 16 KiB. Unit: characters. */
const HEADER_CHARS = 1024;
const BODY_CHARS = 8 * 1024;

const documents = openDocuments(Number.MAX_SAFE_INTEGER);
const limited = openDocuments(completeLimits({}).maxTokens);
const yoga = createYoga({ schema: createSchema({ typeDefs: 'type Query { a: Int }' }) });
const authenticate = createAuthenticate({ keys: { secret: 'x'.repeat(32) }, userClaim: 'sub' });
const find = createFindDocument(new Map([['id', '{ head }']]));
const loopback = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 4000 };

/** What reads a request before its operation runs: each with texts that are hard for it. */
const READERS: [string, number, (text: string) => unknown, ...((size: number) => string)[]][] = [
  [
    'a GraphQL text',
    BODY_CHARS,
    (text) => attempt(() => limited.parse(text)),
    ...[many('head '), many('#\n'), many(','), many('{'), many('"'), many('a:b')],
    (size) => `{ a(b: """${'\\"""'.repeat(size / 4)}""") }`,
    (size) => `{ a(b: "${'\\u0041'.repeat(size / 6)}") }`,
    (size) => `{ a(b: ${'1'.repeat(size)}) }`,
  ],
  [
    'Accept',
    HEADER_CHARS,
    (accept) => ask({ accept }),
    ...[many('a/b,'), many(';q=1'), many('text/html;q=0.1,'), many(' '), many('*/')],
  ],
  [
    'Accept of a subscription',
    HEADER_CHARS,
    (accept) => takesEventStream(new Request('http://a/', { headers: { accept } })),
    ...[many('text/event-'), many('*/'), many('a')],
  ],
  ['Cookie', HEADER_CHARS, (cookie) => ask({ cookie }), many('a=b; '), many('='), many(';')],
  [
    'the headers of a page',
    HEADER_CHARS,
    (text) =>
      isLocalBrowser({
        socket: loopback,
        httpVersion: '1.1',
        headers: { connection: 'keep-alive', host: `localhost:${text}`, cookie: text },
      } as never),
    many('1'),
    many('localhost:'),
  ],
  [
    'a WebSocket message',
    BODY_CHARS,
    (text) => attempt(() => parseMessage(text)),
    (size) => `{"type":"connection_init","payload":{${fill(size, (i) => `"key${i}":1`)}}}`,
    (size) => `{"type":"connection_init","payload":{"Authorization":"${'a '.repeat(size / 2)}"}}`,
    (size) => `{"type":"connection_init","payload":{"a":${'['.repeat(size / 2)}`,
    (size) => `{"type":"subscribe","id":"${'i'.repeat(size)}","payload":{"query":"{ a }"}}`,
  ],
  [
    'the Authorization of connection_init',
    HEADER_CHARS,
    (text) => authenticate(text).catch(() => undefined),
    ...[many(' '), many('Bearer '), many('Bearer  a'), many('a')],
    (size) => `Bearer ${' '.repeat(size)}a b`,
    (size) => `Bearer ${'a.'.repeat(size / 2)}`,
  ],
  [
    'Sec-WebSocket-Protocol',
    HEADER_CHARS,
    (text) => handleProtocols(text),
    ...[many('a,'), many(' '), many('graphql-transport-ws'), many(',')],
  ],
  [
    'a persisted operation',
    BODY_CHARS,
    (text) => [
      attempt(() => find({ query: text })),
      attempt(() => find({ documentId: text })),
      attempt(() => find({ extensions: { persistedQuery: { sha256Hash: text } } })),
    ],
    many('{ head }'),
    many('a'),
  ],
];

describe.each(READERS)('%s is read in linear time', (_, size, read, ...makers) => {
  test.each(makers.map((make, index) => [index, make] as const))('text %i', async (_, make) => {
    expect(await growthOf(make, read, size)).toBeLessThan(MAX_GROWTH);
  });
});

/** The size is the number of repeated parts; 16 times as many take about the most tokens. */
const DOCUMENTS: Record<string, (size: number) => string> = {
  'the same field': (size) => `{ ${'head '.repeat(size)} }`,
  'the same nested field': (size) => `{ ${'events { edges { cursor } } '.repeat(size / 8)} }`,
  'unknown fields': (size) => `{ ${fill(size * 6, (i) => `heads${i}`, ' ')} }`,
  aliases: (size) => `{ ${'a: head '.repeat(size / 3)} }`,
  directives: (size) => `{ head ${'@include(if: true) '.repeat(size / 6)} }`,
  variables: (size) => `query(${'$a: Int '.repeat(size / 4)}) { head }`,
  'a list of values': (size) =>
    `{ events(filter: {userIds: [${'"a" '.repeat(size)}]}) { edges { cursor } } }`,
  'fields of an input': (size) =>
    `{ events(filter: {${'userIds: "a" '.repeat(size / 3)}}) { edges { cursor } } }`,
  'spreads of one fragment': (size) =>
    `{ ${'...F '.repeat(size / 2)} } fragment F on Query { head }`,
  'fragments in fragments': (size) =>
    `{ ...F0 } ${fill(size * 8, (i) => `fragment F${i} on Query { ...F${i + 1} head }`, ' ')}`,
  'fragments that spread one fragment often': (size) => {
    const spread = '...F '.repeat(size / 8);
    return `{ ...E } fragment E on Query { ${spread} } fragment F on Query { ${spread.replaceAll('F', 'G')} } fragment G on Query { head }`;
  },
  operations: (size) => fill(size * 3, (i) => `query Q${i} { head }`, ' '),
  'inline fragments': (size) => `{ ${'... { head } '.repeat(size / 4)} }`,
};
const TOKENS = 60;

describe('a document is validated and its complexity computed in linear time, up to the token limit', () => {
  test.each(Object.entries(DOCUMENTS))('with %s', async (_, make) => {
    const ofSize = (size: number) => documents.parse(make(size));
    expect(await growthOf(ofSize, documents.check, TOKENS)).toBeLessThan(MAX_GROWTH);
  });
});

async function ask(headers: Record<string, string>): Promise<void> {
  const body = '{"query":"{ a }"}';
  const response = await yoga.fetch('http://a/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  await response.text();
}

/** The parser, the rules and the complexity that documents meet on every transport. */
function openDocuments(maxTokens: number) {
  const plugin = useDocumentLimits(completeLimits({ maxTokens }), (error) => error as never);
  const rules = [...specifiedRules];
  let parse = (_: string): DocumentNode => {
    throw new Error('the plugin sets no parser');
  };
  plugin.onParse?.({ setParseFn: (set: typeof parse) => (parse = set) } as never);
  plugin.onValidate?.({ addValidationRule: (rule: never) => rules.push(rule) } as never);
  return {
    parse: (text: string) => parse(text),
    check(document: DocumentNode): void {
      if (validate(schema, document, rules).length > 0) return;
      const args = { schema, document, variableValues: {}, contextValue: {} };
      const given = { args, setResultAndStopExecution: () => undefined };
      (plugin as Required<Pick<Plugin, 'onExecute'>>).onExecute?.(given as never);
    },
  };
}
