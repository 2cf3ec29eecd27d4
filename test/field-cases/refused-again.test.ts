import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStoredData, type StoredData } from '../utils/open-stored-data.ts';
import { scrape } from '../utils/scrape.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';

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

test('the bytes of a dropped delivery are removed', async () => {
  expect(await storedData.quarantine()).toEqual([]);
  const dropped = await storedData.collection('droppedDeliveries').find().toArray();
  expect(dropped.map((document) => Object.keys(document))).toEqual(
    Array(3).fill(['_id', 'droppedAt']),
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

test('other bytes are refused and logged as before', async () => {
  server.logLines.length = 0;
  for (const body of ['one', 'two', 'one ']) {
    expect((await server.postRaw(body)).status).toBe(400);
  }
  expect(deliveryLines()).toHaveLength(3);
});
