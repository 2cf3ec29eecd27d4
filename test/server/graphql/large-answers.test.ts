import { afterAll, beforeAll, expect, test } from 'vitest';
import { workSlices } from '../../../src/memory/work-slices.ts';
import { openSocket } from '../../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../../utils/server.ts';
import { waitUntil } from '../../utils/wait-until.ts';

const MIB = 1024 * 1024;
const EVENTS = 6;
const TEXT = 'é "quoted"\n'.repeat(50_000);
const QUERY = `{
  a: events { edges { node { userId payload } } }
  missing: event(id: "none") { id }
  b: events { edges { node { payload } } }
}`;

const COUNT = '{ eventCounts { rows { count } } }';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ webhookMaxBytes: MIB });
  for (let index = 0; index < EVENTS; index += 1) {
    const { status } = await server.post('app_opened', { user_id: `user-${index}`, text: TEXT });
    expect(status).toBe(200);
  }
  const count = async () => (await server.query(COUNT)).body.data.eventCounts.rows[0].count;
  await waitUntil(async () => (await count()) === EVENTS);
});
afterAll(() => server.close());

/** The answer on any transport: the whole result, with its error masked. */
function expectComplete(result: Record<string, unknown>) {
  // The difference between two texts of this length would fill the output.
  const payload = expect.objectContaining({ text: expect.toSatisfy((text) => text === TEXT) });
  const nodes = Array.from({ length: EVENTS }, (_, index) => ({
    node: { userId: `user-${index}`, payload },
  }));
  expect(Object.keys(result).sort()).toEqual(['data', 'errors']);
  expect(result.data).toEqual({
    a: { edges: nodes },
    missing: null,
    b: { edges: nodes.map(() => ({ node: { payload } })) },
  });
  expect(result.errors).toEqual([
    {
      message: expect.stringContaining("not an event's id"),
      locations: expect.anything(),
      path: ['missing'],
      extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) },
    },
  ]);
}

async function ask(accept: string): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await server.token()}`,
      Accept: accept,
    },
    body: JSON.stringify({ query: QUERY }),
  });
  return response.text();
}

const transports: [string, () => Promise<Record<string, unknown>>][] = [
  ['HTTP', async () => JSON.parse(await ask('application/json'))],
  ['graphql-response+json', async () => JSON.parse(await ask('application/graphql-response+json'))],
  [
    'SSE',
    async () => {
      const [, data = ''] = /^event: next\ndata: (.*)$/m.exec(await ask('text/event-stream')) ?? [];
      return JSON.parse(data);
    },
  ],
  [
    'WebSocket',
    async () => {
      const socket = await openSocket(server.url, await server.token());
      socket.start('large', { query: QUERY });
      const { payload } = await socket.next('large');
      expect((await socket.next('large')).type).toBe('complete');
      await socket.close();
      return payload;
    },
  ],
];

test.each(transports)(
  'is read and serialised in several turns, and complete: %s',
  async (_, run) => {
    const before = workSlices.waits();
    expectComplete(await run());
    // Two pages are decoded and one answer is serialised, at 256 KiB a turn.
    const bytes = 3 * EVENTS * TEXT.length;
    expect(workSlices.waits() - before).toBeGreaterThan(bytes / MIB);
  },
);
