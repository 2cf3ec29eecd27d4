import { join } from 'node:path';
import { type DocumentNode, specifiedRules, validate } from 'graphql';
import { handleProtocols, parseMessage } from 'graphql-ws';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { describe, expect, test } from 'vitest';
import { createAuthenticate } from '../../src/auth/authenticate.ts';
import { completeLimits } from '../../src/config/limits.ts';
import { schema } from '../../src/schema/schema.ts';
import { takesEventStream } from '../../src/server/graphql/accepted-formats.ts';
import { useDocumentLimits } from '../../src/server/graphql/limit-documents.ts';
import { createFindDocument } from '../../src/server/graphql/persisted-operations.ts';
import type { Handler } from '../../src/server/http/route-requests.ts';
import { isLocalBrowser } from '../../src/server/pages/is-local-browser.ts';
import { serveLivePage } from '../../src/server/pages/serve-live-page.ts';
import { attempt, fill, repeated } from './adversarial-inputs.ts';
import { growthOf, MAX_GROWTH } from './growth.ts';

/** Node refuses headers of more than 16 KiB. Unit: characters. */
const HEADER_CHARS = 1024;
const BODY_CHARS = 8 * 1024;

const documents = createDocumentChecks(Number.MAX_SAFE_INTEGER);
const limited = createDocumentChecks(completeLimits({}).maxTokens);
const yoga = createYoga({ schema: createSchema({ typeDefs: 'type Query { a: Int }' }) });
const authenticate = createAuthenticate({ keys: { secrets: ['x'.repeat(32)] }, userClaim: 'sub' });
const find = createFindDocument(new Map([['id', '{ head }']]));
const directory = join(import.meta.dirname, '../../dist/web');
const livePage = await serveLivePage({ directory, otherwise: () => undefined });
const page: Handler = livePage?.['/'] ?? (() => undefined);
const noResponse = { setHeader: () => undefined, writeHead: () => ({ end: () => undefined }) };
const loopback = { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 4000 };

/** The parsers of a request: name, size of the small input, function, adversarial inputs. */
const READERS: [string, number, (text: string) => unknown, ...((size: number) => string)[]][] = [
  [
    'a GraphQL document',
    BODY_CHARS,
    (text) => attempt(() => limited.parse(text)),
    ...[
      repeated('head '),
      repeated('#\n'),
      repeated(','),
      repeated('{'),
      repeated('"'),
      repeated('a:b'),
    ],
    (size) => `{ a(b: """${'\\"""'.repeat(size / 4)}""") }`,
    (size) => `{ a(b: "${'\\u0041'.repeat(size / 6)}") }`,
    (size) => `{ a(b: ${'1'.repeat(size)}) }`,
  ],
  [
    'Accept',
    HEADER_CHARS,
    (accept) => ask({ accept }),
    ...[
      repeated('a/b,'),
      repeated(';q=1'),
      repeated('text/html;q=0.1,'),
      repeated(' '),
      repeated('*/'),
    ],
  ],
  [
    'Accept of a subscription',
    HEADER_CHARS,
    (accept) => takesEventStream(new Request('http://a/', { headers: { accept } })),
    ...[repeated('text/event-'), repeated('*/'), repeated('a')],
  ],
  [
    'Cookie',
    HEADER_CHARS,
    (cookie) => ask({ cookie }),
    repeated('a=b; '),
    repeated('='),
    repeated(';'),
  ],
  [
    'the headers of a page request',
    HEADER_CHARS,
    (text) =>
      isLocalBrowser({
        socket: loopback,
        httpVersion: '1.1',
        headers: { connection: 'keep-alive', host: `localhost:${text}`, cookie: text },
      } as never),
    repeated('1'),
    repeated('localhost:'),
  ],
  [
    'If-None-Match',
    HEADER_CHARS,
    (text) => {
      const headers = { accept: 'text/html', 'if-none-match': `"a"${text}"b"` };
      return page({ method: 'GET', headers, socket: {} } as never, noResponse as never, '');
    },
    ...[repeated(' '), repeated(','), repeated(' ,'), repeated('"a", ')],
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
    ...[repeated(' '), repeated('Bearer '), repeated('Bearer  a'), repeated('a')],
    (size) => `Bearer ${' '.repeat(size)}a b`,
    (size) => `Bearer ${'a.'.repeat(size / 2)}`,
  ],
  [
    'Sec-WebSocket-Protocol',
    HEADER_CHARS,
    (text) => handleProtocols(text),
    ...[repeated('a,'), repeated(' '), repeated('graphql-transport-ws'), repeated(',')],
  ],
  [
    'a persisted operation request',
    BODY_CHARS,
    (text) => [
      attempt(() => find({ query: text })),
      attempt(() => find({ documentId: text })),
      attempt(() => find({ extensions: { persistedQuery: { sha256Hash: text } } })),
    ],
    repeated('{ head }'),
    repeated('a'),
  ],
];

describe.each(READERS)('parsing %s takes linear time', (_, size, read, ...makers) => {
  test.each(makers.map((make, index) => [index, make] as const))(
    'adversarial input %i',
    async (_, make) => {
      expect(await growthOf(make, read, size)).toBeLessThan(MAX_GROWTH);
    },
  );
});

/** Documents by their number of tokens; the large ones are close to the token limit. */
const DOCUMENTS: Record<string, (size: number) => string> = {
  'one repeated field': (size) => `{ ${'head '.repeat(size)} }`,
  'one repeated nested field': (size) => `{ ${'events { edges { cursor } } '.repeat(size / 8)} }`,
  'unknown fields': (size) => `{ ${fill(size * 6, (i) => `heads${i}`, ' ')} }`,
  aliases: (size) => `{ ${'a: head '.repeat(size / 3)} }`,
  directives: (size) => `{ head ${'@include(if: true) '.repeat(size / 6)} }`,
  variables: (size) => `query(${'$a: Int '.repeat(size / 4)}) { head }`,
  'a list of values': (size) =>
    `{ events(filter: {userIds: [${'"a" '.repeat(size)}]}) { edges { cursor } } }`,
  'repeated fields of an input object': (size) =>
    `{ events(filter: {${'userIds: "a" '.repeat(size / 3)}}) { edges { cursor } } }`,
  'repeated spreads of one fragment': (size) =>
    `{ ${'...F '.repeat(size / 2)} } fragment F on Query { head }`,
  'a chain of fragments': (size) =>
    `{ ...F0 } ${fill(size * 8, (i) => `fragment F${i} on Query { ...F${i + 1} head }`, ' ')}`,
  'fragments that spread the same fragment repeatedly': (size) => {
    const spread = '...F '.repeat(size / 8);
    return `{ ...E } fragment E on Query { ${spread} } fragment F on Query { ${spread.replaceAll('F', 'G')} } fragment G on Query { head }`;
  },
  operations: (size) => fill(size * 3, (i) => `query Q${i} { head }`, ' '),
  'inline fragments': (size) => `{ ${'... { head } '.repeat(size / 4)} }`,
};
const TOKENS = 60;

describe('validation and complexity analysis take linear time', () => {
  test.each(Object.entries(DOCUMENTS))('for %s', async (_, make) => {
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

/** Returns the parser and the validation, with complexity analysis, that every transport uses. */
function createDocumentChecks(maxTokens: number) {
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
      const payload = { args, setResultAndStopExecution: () => undefined };
      (plugin as Required<Pick<Plugin, 'onExecute'>>).onExecute?.(payload as never);
    },
  };
}
