import { ReadableStream } from 'node:stream/web';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readText } from '../../../src/server/graphql/read-bodies.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { sendRaw } from '../../webhook/send-raw.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Sends a body in chunks of this many bytes. */
async function ask(body: string, chunkBytes: number): Promise<string> {
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    'Content-Type: application/json',
    `Authorization: Bearer ${await server.token()}`,
    'Transfer-Encoding: chunked',
  ];
  const chunks = body.match(new RegExp(`.{1,${chunkBytes}}`, 'gs')) ?? [];
  const text = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return sendRaw(server.url, `${head.join('\r\n')}\r\n\r\n`, `${text.join('')}0\r\n\r\n`);
}

const padded = (length: number) => `${JSON.stringify({ query: '{ head }' })}${' '.repeat(length)}`;

test('a body in some small chunks is read', async () => {
  expect(await ask(padded(500), 1)).toContain('{"data":{"head":"');
});

// Without sockets: Node joins chunks that arrive while nothing reads, as on a busy machine.
test('a body in thousands of small chunks is refused, since each takes more memory than its bytes', async () => {
  const inChunks = (count: number) =>
    ReadableStream.from(Array(count).fill(Buffer.from(' '))) as Request['body'];
  const limits = { maxGraphqlBytes: 1_000_000 };
  expect(await readText(inChunks(1_000), limits)).toHaveLength(1_000);
  await expect(readText(inChunks(3_000), limits)).rejects.toMatchObject({
    message: 'The body has too many chunks for its size.',
    extensions: { http: { status: 413 } },
  });
});
