import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { openStoredData, type StoredData } from '../utils/open-stored-data.ts';
import { deliveryOf, startTestServer, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { sendCutShort, sendRaw, webhookHead } from './send-raw.ts';

let server: TestServer;
let storedData: StoredData;
beforeEach(async () => {
  server = await startTestServer({ webhookMaxBytes: 2_000 });
  storedData = await openStoredData(server.mongodbUri);
});
afterEach(async () => {
  await storedData.close();
  await server.close();
});
const outcomes = () =>
  server.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'delivery');

const body = deliveryOf('message_sent');
const headers = {
  'Content-Type': 'application/json',
  'X-Signature': sign(body, WEBHOOK_SECRET),
};

describe('an incomplete body is refused, whatever its signature', () => {
  test.each([
    ['with a length', webhookHead({ ...headers, 'Content-Length': body.length + 1 }), body],
    [
      'in chunks',
      webhookHead({ ...headers, 'Transfer-Encoding': 'chunked' }),
      `${body.length.toString(16)}\r\n${body}\r\n`,
    ],
  ])('%s', async (_, head, sent) => {
    expect(await sendCutShort(server.url, head, sent)).toMatch(/^HTTP\/1.1 400 /);
    expect(await storedData.events()).toEqual([]);
    expect(await storedData.quarantine()).toEqual([]);
    expect(outcomes()).toMatchObject([{ answer: 'body-cut-short', status: 400 }]);
  });
});

describe('a body in parts is accepted', () => {
  const bytes = Buffer.from(deliveryOf('app_opened', { user_id: 'ñ€😀' }));
  const signed = { ...headers, 'X-Signature': sign(bytes, WEBHOOK_SECRET), Connection: 'close' };

  test('byte by byte, chunked', async () => {
    const chunks = [...bytes].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]),
    );
    const head = webhookHead({ ...signed, 'Transfer-Encoding': 'chunked' });
    expect(await sendRaw(server.url, head, ...chunks, '0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    expect(await storedData.events()).toMatchObject([{ userId: 'ñ€😀' }]);
  });
});

describe('a body above the maximum', () => {
  test('is refused by its Content-Length, before it is read', async () => {
    const head = webhookHead({ ...headers, 'Content-Length': 1_000_000_000 });
    expect(await sendRaw(server.url, head)).toMatch(/^HTTP\/1.1 413 .*Connection: close/s);
  });

  test('is refused without a Content-Length as soon as it is too large, and the connection closes', async () => {
    const head = webhookHead({ ...headers, 'Transfer-Encoding': 'chunked' });
    const answer = await sendRaw(server.url, head, `7d1\r\n${'x'.repeat(2_001)}\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 413 .*Connection: close/s);
    expect(await storedData.quarantine()).toEqual([]);
  });
});

describe('a connection stays usable after a refusal', () => {
  test('if the body was never read', async () => {
    const refused = webhookHead({ 'Content-Length': body.length }).replace('POST', 'PUT');
    const taken = webhookHead({ ...headers, 'Content-Length': body.length, Connection: 'close' });
    const answers = await sendRaw(server.url, refused, body, taken, body);
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 200']);
  });
});
