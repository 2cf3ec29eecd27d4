import { afterEach, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { bytesOf, type StoredData } from '../utils/open-stored-data.ts';
import { scrape } from '../utils/scrape.ts';
import { deliveryOf, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { useServer } from '../utils/use-server.ts';
import { sendRaw } from '../webhook/send-raw.ts';

let server: TestServer;
let storedData: StoredData;
useServer((started) => {
  ({ server, storedData } = started);
});
afterEach(async () => {
  await storedData.collection('quarantine').deleteMany({});
  server.logLines.length = 0;
});

interface Sent {
  method?: string;
  target: string;
  signature?: string;
  authorization?: string;
  body?: string;
}

/** Sends a request whose target is written as it is. */
async function send({
  method = 'POST',
  target,
  signature,
  authorization,
  body = deliveryOf('message_sent'),
}: Sent) {
  const answer = await sendRaw(
    server.url,
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n` +
      (authorization === undefined ? '' : `Authorization: ${authorization}\r\n`) +
      `X-Signature: ${signature ?? sign(body, WEBHOOK_SECRET)}\r\n\r\n`,
    body,
  );
  const [head = '', text = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.slice(9, 12)), body: JSON.parse(text) };
}

const deliveryLines = () =>
  server.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'delivery');

describe('another notation of the path is taken', () => {
  test.each([
    '/webhooks/events/',
    '/webhooks/events//',
    '//webhooks/events',
    '/webhooks//events',
    '/webhooks/events?source=a',
    '/webhooks/events/?',
    '/./webhooks/../webhooks/events',
    '/webhooks/%65vents',
    'http://host/webhooks/events',
    'http://user@host:4000/webhooks/events/?a=b',
    'HTTPS://HOST.example//webhooks/events',
  ])('%s', async (target) => {
    const { status, body } = await send({ target });
    expect([status, body.status]).toEqual([200, 'stored']);
  });
});

describe('a signed delivery to a path without deliveries is refused, kept, logged and counted', () => {
  test.each([
    '/',
    '/webhooks',
    '/webhook/events',
    '/Webhooks/Events',
    '/webhooks/events/1',
    '/webhooks%2Fevents',
    '/health/ready',
    '/metrics',
    'http://host',
    'http://host/',
    '/__proto__',
    '/graphql',
    '/graphql/',
    '//graphql?a=b',
    'http://host/graphql',
  ])('%s', async (target) => {
    const counts = async () => {
      const samples = await scrape(server.url);
      const labels = '{answer="wrong-path",type="none"}';
      return [
        samples.get(`eventline_deliveries_total${labels}`),
        samples.get('eventline_quarantined_deliveries_total{problem="wrong-path"}'),
      ].map(Number);
    };
    const before = await counts();
    const body = deliveryOf('message_sent');

    expect(await send({ target, body })).toMatchObject({
      status: 404,
      body: { type: 'urn:eventline:problem:wrong-path', quarantined: true },
    });

    expect(deliveryLines()).toMatchObject([
      { answer: 'wrong-path', status: 404, quarantined: true },
    ]);
    expect(await counts()).toEqual(before.map((count) => count + 1));
    const kept = await storedData.quarantine();
    expect(kept.map(({ raw }) => bytesOf(raw).toString())).toEqual([body]);
  });

  test.each([
    ['PUT', '/webhooks'],
    ['PATCH', '/graphql'],
    ['DELETE', '/webhooks'],
  ])('so is one by %s to %s', async (method, target) => {
    const body = deliveryOf('message_sent');
    expect(await send({ method, target, body })).toMatchObject({
      status: 404,
      body: { type: 'urn:eventline:problem:wrong-path', quarantined: true },
    });
    const kept = await storedData.quarantine();
    expect(kept.map(({ raw }) => bytesOf(raw).toString())).toEqual([body]);
  });

  test.each(['PUT', 'PATCH'])('so is one by %s', async (method) => {
    const body = deliveryOf('message_sent');
    expect(await send({ method, target: '/webhooks/events', body })).toMatchObject({
      status: 405,
      body: { type: 'urn:eventline:problem:method-not-allowed', quarantined: true },
    });
    const kept = await storedData.quarantine();
    expect(kept.map(({ raw }) => bytesOf(raw).toString())).toEqual([body]);
  });
});

describe('at the path of GraphQL, a valid token makes it a request of a reader', () => {
  test.each([
    ['no token', ''],
    ['another scheme', 'Basic c2VuZGVyOnNlY3JldA=='],
    ['a token that is not valid', 'Bearer of.the.sender'],
  ])('%s: kept if it is signed', async (_, authorization) => {
    const signed = await send({ target: '/graphql', authorization });
    expect([signed.status, signed.body.quarantined]).toEqual([404, true]);
    expect(await storedData.quarantine()).toHaveLength(1);
  });

  test.each(['', 'Bearer of.the.sender'])(
    'without a valid token (%j) and signature, GraphQL refuses it',
    async (authorization) => {
      const unsigned = { target: '/graphql', signature: 'sha256=AA==', authorization };
      expect(await send(unsigned)).toMatchObject({
        status: 401,
        body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      });
      expect(await storedData.quarantine()).toEqual([]);
      expect(deliveryLines()).toEqual([]);
    },
  );

  test('a valid token', async () => {
    const authorization = `Bearer ${await server.token()}`;
    const request = { target: '/graphql', authorization, body: '{"query":"{ head }"}' };
    for (const signature of [undefined, 'sha256=AA==']) {
      const { status, body } = await send({ ...request, ...(signature && { signature }) });
      expect([status, body]).toEqual([200, { data: { head: expect.any(String) } }]);
    }
    expect(await storedData.quarantine()).toEqual([]);
  });
});

test('a kept delivery is stored by a retry', async () => {
  const body = deliveryOf('message_sent');
  await send({ target: '/webhooks', body });
  const admin = await server.token({ scope: 'events:read events:admin' });
  const list = '{ quarantine(first: 1) { edges { node { digest problem } } } }';
  const { body: listed } = await server.query(list, {}, admin);
  const { digest, problem } = listed.data.quarantine.edges[0].node;
  expect(problem).toBe('wrong-path');
  const retry = 'mutation ($d: [String!]!) { retryQuarantined(digests: $d) { status } }';
  const { body: retried } = await server.query(retry, { d: [digest] }, admin);
  expect(retried.data.retryQuarantined).toEqual([{ status: 'STORED' }]);
  expect((await send({ target: '/webhooks/events', body })).body.status).toBe('duplicate');
});

describe('the Host header', () => {
  test.each([
    ['empty', 'Host:\r\n', '200'],
    ['with an underscore', 'Host: event_line:4000\r\n', '200'],
    ['missing', '', '400'],
    ['no host', 'Host: a b\r\n', '400'],
    ['with a name in front', 'Host: user:password@localhost\r\n', '400'],
    ['with a path', 'Host: localhost/..//x\r\n', '400'],
  ])('%s', async (_, line, status) => {
    const body = deliveryOf('message_sent');
    const answer = await sendRaw(
      server.url,
      `POST http://host/webhooks/events HTTP/1.1\r\n${line}Connection: close\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n` +
        `X-Signature: ${sign(body, WEBHOOK_SECRET)}\r\n\r\n`,
      body,
    );
    expect(answer.slice(9, 12)).toBe(status);
  });

  test('is not needed by GraphQL either', async () => {
    const query = JSON.stringify({ query: '{ head }' });
    const answer = await sendRaw(
      server.url,
      `POST /graphql HTTP/1.1\r\nHost:\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${await server.token()}\r\nContent-Length: ${query.length}\r\n\r\n`,
      query,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 .*"data":/s);
  });
});

test('a delivery that is not signed is kept nowhere', async () => {
  const signature = 'sha256=AA==';
  expect((await send({ target: '/webhooks', signature })).status).toBe(404);
  expect((await send({ method: 'PUT', target: '/webhooks/events', signature })).status).toBe(405);
  expect(await storedData.quarantine()).toEqual([]);
});
