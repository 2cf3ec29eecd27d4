import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertQuarantined } from '../../utils/insert-quarantined.ts';
import { deliveryOf, startTestServer, type TestServer } from '../../utils/server.ts';
import { testSignal } from '../../utils/test-signal.ts';
import { askAs } from './ask-as.ts';

const ON = { installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f' };
let server: TestServer;
let tool: string;
let admin: string;

beforeAll(async () => {
  server = await startTestServer();
  tool = await server.token({ scope: 'events:read' });
  admin = await server.token({ scope: 'events:admin' });
});
afterAll(() => server.close());

const ask = (token: string, query: string, variables = {}) =>
  askAs(server, token, query, variables);

describe('quarantine', () => {
  const LIST =
    'query ($first: Int, $after: String, $last: Int, $before: String, $problem: String) { quarantine(first: $first, after: $after, last: $last, before: $before, problem: $problem) { edges { cursor node { digest problem count sizeBytes } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }';
  let digests: string[];
  let bodies: string[];

  beforeAll(async () => {
    bodies = [1, 2, 3, 4, 5].map((n) =>
      n < 3 ? deliveryOf('app_opened', { ...ON, user_id: `kept-${n}` }) : `{"broken":${n}}`,
    );
    digests = await insertQuarantined(
      server.mongodbUri,
      bodies.map((body, n) => ({
        body,
        firstAt: new Date(Date.UTC(2026, 0, 1 + Math.floor(n / 2))),
        problem: n < 2 ? 'invalid-payload' : 'invalid-envelope',
      })),
    );
  });

  test('is paged in both directions, in order of arrival', async () => {
    const whole = await ask(admin, LIST);
    const all = whole.data.quarantine.edges.map(
      ({ node }: never) => (node as { digest: string }).digest,
    );
    expect(new Set(all)).toEqual(new Set(digests));
    expect(all.slice(4)).toEqual(digests.slice(4));
    const forward: string[] = [];
    let page = await ask(admin, LIST, { first: 2 });
    expect(page.data.quarantine.pageInfo.hasPreviousPage).toBe(false);
    const signal = testSignal();
    for (;;) {
      signal.throwIfAborted();
      forward.push(
        ...page.data.quarantine.edges.map(({ node }: never) => (node as { digest: string }).digest),
      );
      const { hasNextPage, endCursor } = page.data.quarantine.pageInfo;
      if (!hasNextPage) break;
      page = await ask(admin, LIST, { first: 2, after: endCursor });
      expect(page.data.quarantine.pageInfo.hasPreviousPage).toBe(true);
    }
    expect(forward).toEqual(all);
    const last = await ask(admin, LIST, {
      last: 2,
      before: page.data.quarantine.pageInfo.startCursor,
    });
    expect(
      last.data.quarantine.edges.map(({ node }: never) => (node as { digest: string }).digest),
    ).toEqual(all.slice(2, 4));
    expect(last.data.quarantine.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: true,
    });
    const some = await ask(admin, LIST, { problem: 'invalid-payload' });
    expect(some.data.quarantine.edges).toHaveLength(2);
  });

  test('shows bodies only with the scope for personal data', async () => {
    const query = '{ quarantine(first: 1) { edges { node { digest raw } } } }';
    const hidden = await ask(admin, query);
    expect(hidden.codes).toEqual(['FORBIDDEN']);
    expect(hidden.data.quarantine.edges[0].node.raw).toBe(null);
    const both = await server.token({ scope: 'events:admin pii:read' });
    const [{ node }] = (await ask(both, query)).data.quarantine.edges;
    expect(node.raw).toBe(bodies[digests.indexOf(node.digest)]);
  });

  test('can be retried and dropped', async () => {
    const [first = '', second = '', third = '', fourth = ''] = digests;
    const retry =
      'mutation ($digests: [String!]!) { retryQuarantined(digests: $digests) { digest status cursor detail } }';
    const { data } = await ask(admin, retry, { digests: [first, third, first, '0'.repeat(96)] });
    expect(data.retryQuarantined).toEqual([
      { digest: first, status: 'STORED', cursor: expect.any(String), detail: null },
      { digest: third, status: 'REFUSED', cursor: null, detail: expect.stringContaining('type') },
      { digest: '0'.repeat(96), status: 'GONE', cursor: null, detail: null },
    ]);
    const stored = await ask(
      tool,
      '{ events(filter: { userIds: ["kept-1"] }) { edges { cursor } } }',
    );
    expect(stored.data.events.edges).toEqual([{ cursor: data.retryQuarantined[0].cursor }]);
    const drop = 'mutation ($digests: [String!]!) { dropQuarantined(digests: $digests) }';
    const dropped = await ask(admin, drop, { digests: [fourth, first, fourth.toUpperCase()] });
    expect(dropped.data.dropQuarantined).toEqual([fourth]);
    const left = await ask(admin, LIST);
    const kept = left.data.quarantine.edges.map(
      ({ node }: never) => (node as { digest: string }).digest,
    );
    expect(new Set(kept)).toEqual(new Set([second, third, digests[4]]));
  });
});
