import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { bytesOf, type StoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';
import { sendRaw, webhookHead } from '../webhook/send-raw.ts';

let server: TestServer;
let storedData: StoredData;
useServer((started) => {
  ({ server, storedData } = started);
});
afterEach(async () => {
  await storedData.collection('quarantine').deleteMany({});
});

/** Posts signed bytes with these header lines and no others of a body. */
async function post(body: string | Buffer, lines: readonly string[]) {
  const head = webhookHead({
    'Content-Length': Buffer.byteLength(body),
    'X-Signature': sign(body, WEBHOOK_SECRET),
    Connection: 'close',
  });
  const sent = head.replace(/\r\n$/, `${lines.map((line) => `${line}\r\n`).join('')}\r\n`);
  const answer = await sendRaw(server.url, sent, body);
  const [top = '', text = ''] = answer.split('\r\n\r\n');
  return { status: Number(top.slice(9, 12)), body: JSON.parse(text) };
}

describe('the bytes decide: a signed body in JSON and UTF-8 is taken', () => {
  test.each([
    [[]],
    [['Content-Type:']],
    [['Content-Type: text/plain']],
    [['Content-Type: text/plain;charset=UTF-8']],
    [['Content-Type: text/json']],
    [['Content-Type: application/x-www-form-urlencoded']],
    [['Content-Type: application/octet-stream']],
    [['Content-Type: application/json; charset=us-ascii']],
    [['Content-Type: application/json; charset=ISO-8859-1']],
    [['Content-Type: application/json; charset=']],
    [['Content-Type: application/json; charset=utf-8; charset=utf-8']],
    [['Content-Type: application/json, application/json']],
    [['Content-Type: application/json', 'Content-Type: application/json']],
    [['Content-Type: text/plain', 'Content-Type: application/json']],
    [['Content-Type: ;;']],
    [['Content-Encoding: UTF-8']],
    [['Content-Encoding:']],
    [['Content-Encoding: none']],
    [['Content-Encoding: identity, utf8']],
    [['Content-Encoding: gzip', 'Content-Type: application/json']],
    [['Content-Encoding: aws-chunked']],
    [['Expect:']],
    [['Accept: text/html', 'Accept-Encoding: gzip', 'Content-Language:']],
  ])('%j', async (lines) => {
    const answer = await post(deliveryOf('message_sent', { speciality: 'ñ€😀' }), lines);
    expect([answer.status, answer.body.status]).toEqual([200, 'stored']);
  });
});

describe('a signed body that is not JSON in UTF-8 is kept', () => {
  const json = deliveryOf('message_sent', { speciality: 'ñ' });

  test.each<[string, Buffer, readonly string[], number, string]>([
    ['gzip', gzipSync(json), ['Content-Encoding: gzip'], 415, 'unsupported-media-type'],
    ['gzip, not announced', gzipSync(json), [], 415, 'unsupported-media-type'],
    ['deflate', deflateSync(json), ['Content-Encoding: deflate'], 415, 'unsupported-media-type'],
    ['deflate, not announced', deflateSync(json), [], 415, 'unsupported-media-type'],
    ['brotli', brotliCompressSync(json), ['Content-Encoding: br'], 415, 'unsupported-media-type'],
    [
      'brotli among others',
      brotliCompressSync(json),
      ['Content-Encoding: identity', 'Content-Encoding: BR'],
      ...([415, 'unsupported-media-type'] as const),
    ],
    ['Latin-1', Buffer.from(json, 'latin1'), [], 400, 'invalid-json'],
    [
      'Latin-1, announced',
      Buffer.from(json, 'latin1'),
      ['Content-Type: application/json; charset=latin1'],
      ...([400, 'invalid-json'] as const),
    ],
    ['UTF-16', Buffer.from(json, 'utf16le'), [], 400, 'invalid-json'],
    ['a form', Buffer.from(`payload=${encodeURIComponent(json)}`), [], 400, 'invalid-json'],
    ['nothing', Buffer.alloc(0), ['Content-Encoding: gzip'], 415, 'unsupported-media-type'],
    ['XML', Buffer.from('<event/>'), ['Content-Type: text/xml'], 400, 'invalid-json'],
  ])('%s', async (_, bytes, lines, status, problem) => {
    const answer = await post(bytes, lines);
    expect(answer).toMatchObject({
      status,
      body: { type: `urn:eventline:problem:${problem}`, quarantined: true },
    });
    const kept = await storedData.quarantine();
    expect(kept.map(({ raw }) => bytesOf(raw))).toEqual([bytes]);
    expect(kept).toMatchObject([{ problem }]);
  });
});

test('a retry of a compressed body says the same', async () => {
  const body = brotliCompressSync(deliveryOf('message_sent'));
  await post(body, ['Content-Encoding: br']);
  const admin = await server.token({ scope: 'events:read events:admin' });
  const list = '{ quarantine(first: 1) { edges { node { digest problem detail } } } }';
  const { body: before } = await server.query(list, {}, admin);
  const d = [before.data.quarantine.edges[0].node.digest];
  const retry = 'mutation ($d: [String!]!) { retryQuarantined(digests: $d) { status } }';
  const { body: retried } = await server.query(retry, { d }, admin);
  expect(retried.data.retryQuarantined).toEqual([{ status: 'REFUSED' }]);
  expect((await server.query(list, {}, admin)).body).toEqual(before);
});

test('nothing unsigned is kept, whatever its headers', async () => {
  const body = deliveryOf('message_sent');
  const unsigned = { 'X-Signature': 'sha256=AA==', 'Content-Encoding': 'gzip' };
  expect((await server.postRaw(body, unsigned)).status).toBe(401);
  expect(await storedData.quarantine()).toEqual([]);
});
