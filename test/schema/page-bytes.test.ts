import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSocket } from '../utils/open-socket.ts';
import { startTestServer, type TestServer } from '../utils/server.ts';
import { testSignal } from '../utils/test-signal.ts';

const KIB = 1024;
/** Each event except the last two exceeds the size of a page. */
const LARGE = 'x'.repeat(600 * KIB);
const EVENTS = 6;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    webhookMaxBytes: 1024 * KIB,
    limits: {
      maxPageBytes: 1_000 * KIB,
      maxAnswerBytes: 4 * 1024 * KIB,
      maxAnsweringBytes: 8 * 1024 * KIB,
    },
  });
  for (let index = 0; index < EVENTS; index += 1) {
    await server.post('app_opened', { user_id: 'large', index, text: LARGE });
  }
  for (const user of ['a', 'b']) {
    await server.post('app_opened', { user_id: user });
    await server.post('app_opened', { user_id: user, text: 'small' });
  }
  await server.postRaw(`{"type":1,"text":"${LARGE}","n":1}`);
  await server.postRaw(`{"type":1,"text":"${LARGE}","n":2}`);
});
afterAll(() => server.close());

interface Walk {
  sizes: number[];
  cursors: string[];
}

/** Reads all pages of a connection; `toField` wraps it in its parent field. */
async function walk(toField: (page: string) => string, item: string): Promise<Walk> {
  const sizes: number[] = [];
  const cursors: string[] = [];
  for (let after = ''; ; ) {
    const page = `first: 10${after && `, after: "${after}"`}`;
    const query = `{ ${toField(page)} { edges { cursor node { ${item} } } pageInfo { hasNextPage endCursor } } ${toField('').includes('user(') ? '}' : ''} }`;
    const { body } = await server.query(query);
    expect(body.errors).toBeUndefined();
    const connection = body.data.user?.events ?? body.data.events ?? body.data.quarantine;
    sizes.push(connection.edges.length);
    cursors.push(...connection.edges.map(({ cursor }: { cursor: string }) => cursor));
    if (!connection.pageInfo.hasNextPage) return { sizes, cursors };
    after = connection.pageInfo.endCursor;
  }
}

describe('a page of large items ends early, says so, and the next page continues', () => {
  test('of events', async () => {
    const { sizes, cursors } = await walk((page) => `events(${page})`, 'payload');
    expect(new Set(cursors).size).toBe(EVENTS + 4);
    expect(cursors).toHaveLength(EVENTS + 4);
    // A single large item exceeds half a page; the last one shares its page with the small ones.
    expect(sizes).toEqual([1, 1, 1, 1, 1, 5]);
  });

  test('of the events of a user', async () => {
    const { sizes } = await walk((page) => `user(id: "large") { events(${page})`, 'payload');
    expect(sizes).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('of the quarantine, if bodies are selected', async () => {
    const admin = await server.token({ scope: 'events:read pii:read events:admin' });
    const query =
      '{ quarantine(first: 5) { edges { node { raw } } pageInfo { hasNextPage } } facts: quarantine(first: 5) { edges { node { digest } } pageInfo { hasNextPage } } }';
    const { body } = await server.query(query, {}, admin);
    expect(body.data.quarantine.edges).toHaveLength(1);
    expect(body.data.quarantine.pageInfo.hasNextPage).toBe(true);
    expect(body.data.facts.edges).toHaveLength(2);
    expect(body.data.facts.pageInfo.hasNextPage).toBe(false);
  });

  test('backward', async () => {
    const query = `{ events(last: 10) { edges { node { id } } pageInfo { hasPreviousPage hasNextPage } } }`;
    const { body } = await server.query(query);
    expect(body.data.events.edges).toHaveLength(5);
    expect(body.data.events.pageInfo).toEqual({ hasPreviousPage: true, hasNextPage: false });
  });
});

describe('a result above the size limit is an error', () => {
  const aliased = `{ events(first: 1) { edges { node { ${Array.from({ length: 9 }, (_, index) => `a${index}: payload`).join(' ')} } } } }`;
  const tooLarge = {
    message: expect.stringContaining('GRAPHQL_MAX_ANSWER_BYTES'),
    extensions: { code: 'RESPONSE_TOO_LARGE' },
  };

  test('with aliases of a payload', async () => {
    const { status, body } = await server.query(aliased);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [tooLarge] });
  });

  test('with pages side by side', async () => {
    const pages = Array.from(
      { length: 9 },
      (_, index) => `a${index}: events(first: 1) { edges { node { payload } } }`,
    );
    const { body } = await server.query(`{ ${pages.join(' ')} }`);
    expect(body.errors).toMatchObject([tooLarge]);
  });

  test('over WebSocket', async () => {
    const socket = await openSocket(server.url, await server.token());
    expect(await socket.errorsOf({ query: aliased })).toMatchObject([tooLarge]);
    await socket.close();
  });
});

test('many concurrent pages wait for each other and are all answered', async () => {
  const query = '{ user(id: "large") { events(first: 10) { edges { node { payload } } } } }';
  const signal = testSignal();
  /** Repeats a query that has waited for too long, as a client does. */
  async function ask() {
    for (;;) {
      signal.throwIfAborted();
      const answer = await server.query(query);
      if (answer.body.errors?.[0].extensions.code !== 'SERVICE_UNAVAILABLE') return answer;
    }
  }
  const answers = await Promise.all(Array.from({ length: 24 }, ask));
  for (const { body } of answers) {
    expect(body.errors).toBeUndefined();
    expect(body.data.user.events.edges).toHaveLength(1);
  }
});
