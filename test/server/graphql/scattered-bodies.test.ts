import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('a body in thousands of small chunks is refused, since each takes more memory than its bytes', async () => {
  const answer = await ask(padded(3_000), 1);
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('The body has too many chunks for its size.');
  expect(answer).toContain('BAD_USER_INPUT');
});
