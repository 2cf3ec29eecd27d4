import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbedded } from '../../src/embedded/start-embedded.ts';
import { declareRestored } from '../../src/log/declare-restored.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { runEventline } from '../utils/eventline.ts';
import { JWT_SECRET, startTestServer, type TestServer, WEBHOOK_SECRET } from '../utils/server.ts';
import { subscribeByWebSocket } from '../utils/subscribe.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const query = 'subscription($after: String) { events(after: $after) { cursor id } }';
const page = 'query($after: String) { events(first: 10, after: $after) { edges { cursor } } }';

/** Runs a database on a directory and a server on it while `work` runs. */
async function during<T>(dataDir: string, work: (server: TestServer, uri: string) => Promise<T>) {
  const database = await startEmbedded({ dataDir, progress: () => undefined });
  try {
    const server = await startTestServer({ mongodbUri: database.uri });
    try {
      return await work(server, database.uri);
    } finally {
      await server.close();
    }
  } finally {
    await database.close();
  }
}

const positionsOf = async (server: TestServer, count: number) => {
  const positions: number[] = [];
  for (let posted = 0; posted < count; posted += 1) {
    positions.push((await server.post('message_sent')).body.position);
  }
  return positions;
};

test('after a restore from a copy of the directory, no position is reused and cursors stay valid', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'eventline-backup-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const [data, copy] = [join(parent, 'data'), join(parent, 'copy')];
  await during(data, (server) => positionsOf(server, 3));
  await cp(data, copy, { recursive: true });
  const lost = await during(data, async (server) => {
    expect(await positionsOf(server, 2)).toEqual([4, 5]);
    const { body } = await server.query(page);
    return body.data.events.edges.map(({ cursor }: { cursor: string }) => cursor);
  });
  await rm(data, { recursive: true });
  await rename(copy, data);

  await during(data, async (server, uri) => {
    // Until the restore is declared, a cursor beyond the end is refused.
    const { body } = await server.query(page, { after: lost[4] });
    expect(body.errors[0]).toMatchObject({
      message: 'This cursor is beyond the end of the log.',
      extensions: { code: 'CURSOR_INVALID' },
    });
    const { collections, close } = await openStorage(uri);
    expect(await declareRestored(collections, { skip: 100, announceMs: 0 })).toEqual({
      head: 3,
      upTo: 103,
    });
    await close();
  });

  await during(data, async (server) => {
    const subscribe = async (after: string) => {
      const token = await server.token();
      return subscribeByWebSocket({ url: server.url, token, query, variables: { after } });
    };
    const seenAll = await subscribe(lost[4]);
    const seenTwo = await subscribe(lost[1]);
    expect(await positionsOf(server, 2)).toEqual([104, 105]);
    const after = await seenAll.until(2);
    expect((await seenTwo.until(3)).slice(1)).toEqual(after);
    await Promise.all([seenAll.close(), seenTwo.close()]);
  });
});

test('a replayed export gives the same events in another log, where the old ids and cursors are refused', async () => {
  const [first, second] = [await startTestServer(), await startTestServer()];
  await positionsOf(first, 5);
  const ids = async ({ query }: TestServer) => {
    const { body } = await query(
      '{ events(first: 10) { edges { cursor node { id typeName occurredOn payload } } } }',
    );
    return body.data.events.edges as { cursor: string; node: { id: string; payload: object } }[];
  };
  const cwd = await temporaryDirectory();
  const token = await first.token({ scope: 'events:read pii:read' });
  const file = join(cwd, 'all.jsonl');
  const exported = await runEventline(
    ['export', '--url', first.url, '--token', token, '--output', file],
    { cwd },
  );
  expect(exported.code).toBe(0);
  const replayed = await runEventline(['replay', file, '--url', second.url], {
    cwd,
    env: { WEBHOOK_SECRETS: WEBHOOK_SECRET, AUTH_JWT_SECRET: JWT_SECRET },
  });
  expect(replayed.code).toBe(0);
  const [before, after] = [await ids(first), await ids(second)];
  const contents = (edges: typeof before) =>
    edges.map(({ node: { id: _, ...content } }) => content);
  expect(contents(after)).toEqual(contents(before));
  const { errors } = (await second.query(`{ event(id: "${before[0]?.node.id}") { id } }`)).body;
  expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  const { body } = await second.query(page, { after: before[2]?.cursor });
  expect(body.errors[0].extensions.code).toBe('CURSOR_INVALID');
  await Promise.all([first.close(), second.close()]);
});
