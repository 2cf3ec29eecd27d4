import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { deliveryOf, startTestServer, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { sendRaw, webhookHead } from '../webhook/send-raw.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const OLD_SECRET = 'the-secret-before-this-one';
const oldOf = (body: string) => sign(body, OLD_SECRET);
const goodOf = (body: string) => sign(body, WEBHOOK_SECRET);

/** Posts a delivery with these lines of `X-Signature`, byte for byte. */
async function answerWith(linesOf: (body: string) => readonly string[]): Promise<string> {
  const body = deliveryOf('message_sent');
  const head = webhookHead({
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  const lines = linesOf(body).map((value) => `X-Signature: ${value}\r\n`);
  const answer = await sendRaw(server.url, head.replace(/\r\n$/, `${lines.join('')}\r\n`), body);
  return answer;
}

describe('one valid signature among several is enough', () => {
  test.each<[string, (body: string) => readonly string[]]>([
    ['with a comma', (body) => [`${oldOf(body)},${goodOf(body)}`]],
    ['with a comma and a space', (body) => [`${goodOf(body)}, ${oldOf(body)}`]],
    ['with a space', (body) => [`${oldOf(body)} ${goodOf(body)}`]],
    ['with a tab', (body) => [`${oldOf(body)}\t${goodOf(body)}`]],
    ['with empty members', (body) => [`,, ${oldOf(body)} , ,${goodOf(body)},`]],
    ['the header twice', (body) => [oldOf(body), goodOf(body)]],
    ['the header twice, the valid one first', (body) => [goodOf(body), oldOf(body)]],
    ['an empty header before it', (body) => ['', goodOf(body)]],
    ['the same signature twice', (body) => [goodOf(body), goodOf(body)]],
    ['another algorithm before it', (body) => [`sha1=da39a3ee5e6b4b0d, ${goodOf(body)}`]],
    ['a space behind the prefix', (body) => [goodOf(body).replace('=', '= ')]],
    ['spaces around the equals sign', (body) => [goodOf(body).replace('=', ' = ')]],
    ['that space, in a list', (body) => [`sha256= AA==, ${goodOf(body).replace('=', '=  ')}`]],
    ['without the prefix, in a list', (body) => [`${oldOf(body)},${goodOf(body).slice(7)}`]],
    ['as the eighth', (body) => [[...Array(7).fill(oldOf(body)), goodOf(body)].join(',')]],
  ])('%s', async (_, linesOf) => {
    expect(await answerWith(linesOf)).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('refused', () => {
  test.each<[string, (body: string) => readonly string[]]>([
    ['none is valid', (body) => [`${oldOf(body)}, ${oldOf(body)}`]],
    [
      'the valid one is the ninth',
      (body) => [[...Array(8).fill(oldOf(body)), goodOf(body)].join()],
    ],
    ['the valid one is cut in two', (body) => [goodOf(body).replace(/^(.{20})/, '$1 ')]],
    ['only separators', () => [' , ,, ']],
    ['two empty headers', () => ['', '']],
  ])('%s', async (_, linesOf) => {
    const answer = await answerWith(linesOf);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toContain('only the first 8 signatures count');
  });
});
