import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../src/webhook/sign.ts';
import { openStoredData, type StoredData } from '../utils/open-stored-data.ts';
import { scrape } from '../utils/scrape.ts';
import { deliveryOf, startTestServer, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';

const REPETITIONS = 20;
let server: TestServer;
let admin: string;
let storedData: StoredData;
beforeAll(async () => {
  server = await startTestServer();
  admin = await server.token({ scope: 'events:read events:admin' });
  storedData = await openStoredData(server.mongodbUri);
});
afterAll(async () => {
  await storedData.close();
  await server.close();
});

const deliveryLines = (of: TestServer = server) =>
  of.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'delivery');

async function counters(problem: string) {
  const samples = await scrape(server.url);
  const read = (name: string, labels: string) => Number(samples.get(`${name}{${labels}}`));
  return {
    kept: read('eventline_quarantined_deliveries_total', `problem="${problem}"`),
    keptAgain: read('eventline_quarantined_redeliveries_total', `problem="${problem}"`),
    refused: read('eventline_deliveries_total', `answer="${problem}",type="none"`),
    refusedAgain: read('eventline_deliveries_total', 'answer="refused-again",type="none"'),
    dropped: read('eventline_deliveries_total', 'answer="dropped",type="none"'),
  };
}

interface Node {
  digest: string;
  count: number;
}

async function listed(problem: string): Promise<Node[]> {
  const query = `{ quarantine(first: 100, problem: "${problem}") { edges { node { digest count } } } }`;
  const { body } = await server.query(query, {}, admin);
  return body.data.quarantine.edges.map(({ node }: { node: Node }) => node);
}

async function drop(digest: string): Promise<string[]> {
  const query = 'mutation ($digests: [String!]!) { dropQuarantined(digests: $digests) }';
  const { body } = await server.query(query, { digests: [digest] }, admin);
  return body.data.dropQuarantined;
}

describe.each<[problem: string, body: string | Buffer, headers?: Record<string, string>]>([
  ['invalid-json', 'never JSON'],
  ['invalid-envelope', '{"type":"app_opened"}'],
  ['unsupported-media-type', gzipSync('{}'), { 'Content-Encoding': 'gzip' }],
])('bytes refused as %s', (problem, body, headers) => {
  test('count once, with their repetitions beside', async () => {
    const before = await counters(problem);
    server.logLines.length = 0;
    const first = await server.postRaw(body, headers);
    const again = await Promise.all(
      Array.from({ length: REPETITIONS }, () => server.postRaw(body, headers)),
    );

    expect(first.body).toMatchObject({ quarantined: true });
    for (const { status, body: answer } of again) {
      expect([status, answer.type, answer.quarantined]).toEqual([
        first.status,
        first.body.type,
        true,
      ]);
    }
    expect(await counters(problem)).toEqual({
      kept: before.kept + 1,
      keptAgain: before.keptAgain + REPETITIONS,
      refused: before.refused + 1,
      refusedAgain: before.refusedAgain + REPETITIONS,
      dropped: before.dropped,
    });
    expect(deliveryLines()).toMatchObject([{ answer: problem, quarantined: true }]);
    expect(await listed(problem)).toMatchObject([{ count: 1 + REPETITIONS }]);
  });

  test('stay dropped, and are answered so that the sender stops', async () => {
    const [{ digest } = { digest: '' }] = await listed(problem);
    expect(await drop(digest)).toEqual([digest]);
    expect(await drop(digest)).toEqual([]);
    const before = await counters(problem);
    server.logLines.length = 0;

    const again = await Promise.all([1, 2, 3].map(() => server.postRaw(body, headers)));

    for (const answer of again) {
      expect([answer.status, answer.body]).toEqual([200, { status: 'dropped' }]);
    }
    expect(await listed(problem)).toEqual([]);
    expect(await counters(problem)).toEqual({ ...before, dropped: before.dropped + 3 });
    expect(deliveryLines()).toEqual([]);
    const retry =
      'mutation ($digests: [String!]!) { retryQuarantined(digests: $digests) { status } }';
    const { body: retried } = await server.query(retry, { digests: [digest] }, admin);
    expect(retried.data.retryQuarantined).toEqual([{ status: 'GONE' }]);
  });
});

describe.each<[string, string, string]>([
  ['wrong-path', 'POST', '/webhook'],
  ['method-not-allowed', 'PUT', '/webhooks/events'],
])('a delivery refused as %s', (problem, method, path) => {
  const send = async (body: string) => {
    const headers = { 'X-Signature': sign(Buffer.from(body), WEBHOOK_SECRET) };
    const response = await fetch(`${server.url}${path}`, { method, body, headers });
    return { status: response.status, body: await response.json() };
  };

  test('that an operator has stored is a duplicate from then on', async () => {
    const body = deliveryOf('app_opened', { user_id: problem });
    expect((await send(body)).body).toMatchObject({ quarantined: true });
    const [{ digest } = { digest: '' }] = await listed(problem);
    const retry =
      'mutation ($digests: [String!]!) { retryQuarantined(digests: $digests) { status } }';
    await server.query(retry, { digests: [digest] }, admin);
    server.logLines.length = 0;

    const again = await send(body);

    const stored = await server.postRaw(body);
    expect([again.status, again.body]).toEqual([200, stored.body]);
    expect(stored.body).toMatchObject({ status: 'duplicate', position: expect.any(Number) });
    expect(await listed(problem)).toEqual([]);
  });

  test('that the sender has repaired is a duplicate, too', async () => {
    const body = deliveryOf('app_opened', { user_id: `${problem}-repaired` });
    await server.postRaw(body);
    expect((await send(body)).body).toMatchObject({ status: 'duplicate' });
    expect(await listed(problem)).toEqual([]);
  });

  test('is kept once, however often it is sent', async () => {
    const body = deliveryOf('app_opened', { user_id: `${problem}-kept` });
    server.logLines.length = 0;
    for (let count = 0; count < REPETITIONS; count += 1) await send(body);
    expect(deliveryLines()).toMatchObject([{ answer: problem, quarantined: true }]);
    const [{ digest, count } = { digest: '', count: 0 }] = await listed(problem);
    expect(count).toBe(REPETITIONS);

    expect(await drop(digest)).toEqual([digest]);
    expect((await send(body)).body).toEqual({ status: 'dropped' });
    // What is dropped is the attempt; at the right place it is an event.
    expect((await server.postRaw(body)).body).toMatchObject({ status: 'stored' });
  });
});

test('the bytes of a dropped delivery are removed', async () => {
  expect(await storedData.quarantine()).toEqual([]);
  const dropped = await storedData.collection('droppedDeliveries').find().toArray();
  expect(dropped.map((document) => Object.keys(document))).toEqual(
    Array(5).fill(['_id', 'droppedAt']),
  );
});

test('another instance, and one that starts later, know both', async () => {
  await server.postRaw('kept by the first');
  await server.postRaw('dropped at the first');
  const { digest } = (await listed('invalid-json')).at(-1) ?? { digest: '' };
  await drop(digest);
  const other = await startTestServer({ mongodbUri: server.mongodbUri });

  expect((await other.postRaw('kept by the first')).status).toBe(400);
  expect((await other.postRaw('dropped at the first')).body).toEqual({ status: 'dropped' });
  expect(deliveryLines(other)).toEqual([]);
  await other.close();
});

test('bytes that name an erased user are answered so that the sender stops', async () => {
  const erasing = await startTestServer({ erasureAnnounceMs: 20 });
  const body = '{"type":"app_opened","payload":{"user_id":"48213377K"}}';
  await erasing.post('app_opened', { user_id: '48213377K' });
  expect((await erasing.postRaw(body)).body).toMatchObject({ quarantined: true });
  const mutation = 'mutation { eraseUser(userId: "48213377K") { events quarantined } }';
  const { body: erased } = await erasing.query(mutation, {}, admin);
  expect(erased.data.eraseUser).toEqual({ events: 1, quarantined: 1 });

  for (const again of [body, body.replace('}}', '},"try":2}')]) {
    const answer = await erasing.postRaw(again);
    expect([answer.status, answer.body]).toEqual([200, { status: 'erased' }]);
  }
  const samples = await scrape(erasing.url);
  expect(samples.get('eventline_deliveries_total{answer="erased",type="none"}')).toBe(2);
  await erasing.close();
});

test('other bytes are refused and logged as before', async () => {
  server.logLines.length = 0;
  for (const body of ['one', 'two', 'one ']) {
    expect((await server.postRaw(body)).status).toBe(400);
  }
  expect(deliveryLines()).toHaveLength(3);
});
