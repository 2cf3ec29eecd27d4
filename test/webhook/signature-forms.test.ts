import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { deliveryOf, startTestServer, type TestServer } from '../utils/server.ts';
import { sendRaw, webhookHead } from './send-raw.ts';

const OLD = 'the-old-secret-24-chars!';
const NEW = 'the-new-secret-24-chars!';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ webhookSecrets: [OLD, NEW] });
});
afterAll(() => server.close());

const base64Of = (body: string, secret: string) => sign(body, secret).slice('sha256='.length);
const hexOf = (body: string, secret: string) =>
  Buffer.from(base64Of(body, secret), 'base64').toString('hex');

/** Valid notations of a signature. */
const forms: Readonly<Record<string, (body: string, secret: string) => string>> = {
  'as the sender writes it': sign,
  'base64 without the prefix': base64Of,
  'hex with the prefix': (body, secret) => `sha256=${hexOf(body, secret)}`,
  'hex in capitals without the prefix': (body, secret) => hexOf(body, secret).toUpperCase(),
  'in white space': (body, secret) => ` \t${sign(body, secret)} \t `,
};

describe.each([
  ['the old secret', OLD],
  ['the new secret', NEW],
])('with %s', (_, secret) => {
  test.each(Object.entries(forms))('%s', async (_, write) => {
    const body = deliveryOf('message_sent');
    // Raw bytes, since fetch would trim the header.
    const answer = await sendRaw(
      server.url,
      webhookHead({
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'X-Signature': write(body, secret),
        Connection: 'close',
      }),
      body,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 .*"status":"stored"/s);
  });
});

describe('refused', () => {
  const body = deliveryOf('message_sent');
  const right = sign(body, NEW);

  test.each([
    ['a secret that is not in force', sign(body, 'some-other-secret')],
    ['the secrets in one', sign(body, `${OLD},${NEW}`)],
    ['an empty secret', sign(body, '')],
    ['cut short', right.slice(0, -4)],
    ['another algorithm', right.replace('sha256', 'sha1')],
    ['31 bytes', `sha256=${Buffer.from(right.slice(7), 'base64').subarray(1).toString('base64')}`],
    [
      '33 bytes',
      `sha256=${Buffer.concat([Buffer.from(right.slice(7), 'base64'), Buffer.alloc(1)]).toString('base64')}`,
    ],
    ['no byte', 'sha256='],
    ['the digest twice', `${right}${right.slice(7)}`],
    ['12 kB', `sha256=${'A'.repeat(12_000)}`],
    ['base64url', 'sha256=-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_A='],
  ])('%s', async (_, signature) => {
    const { status, body: answer } = await server.postRaw(body, { 'X-Signature': signature });
    expect([status, answer.type]).toEqual([401, 'urn:eventline:problem:signature-wrong']);
  });

  test.each([
    ['longer than what was signed', body, `${body} `],
    ['shorter than what was signed', `${body} `, body],
    [
      'in chunks of which the sizes are signed too',
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      body,
    ],
  ])('a body %s', async (_, signed, sent) => {
    const { status } = await server.postRaw(sent, { 'X-Signature': sign(signed, NEW) });
    expect(status).toBe(401);
  });

  test('a header of 1 MB, without reading it to its end', async () => {
    const answer = await sendRaw(server.url, webhookHead({ 'X-Signature': 'A'.repeat(1_000_000) }));
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
  });

  test('a missing header', async () => {
    const response = await fetch(`${server.url}/webhooks/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect([response.status, (await response.json()).type]).toEqual([
      401,
      'urn:eventline:problem:signature-missing',
    ]);
  });
});
