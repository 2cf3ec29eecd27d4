import { expect, test } from 'vitest';
import { type ServerProcess, startServerProcess } from '../utils/eventline.ts';
import { postAsSender } from '../utils/post-as-sender.ts';
import { deliveryOf } from '../utils/server.ts';
import { temporaryDirectory } from '../utils/temporary-directory.ts';
import { testSignal } from '../utils/test-signal.ts';

const POSTERS = 16;

interface Stored {
  data: {
    events: {
      edges: { node: { id: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
}

/** Posts concurrently until stopped, and records acknowledged deliveries by position. */
function startPosting(server: ServerProcess) {
  const acknowledged = new Map<number, string>();
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, testSignal()]);
  let reached: { count: number; resolve: () => void } | undefined;

  async function poster(): Promise<void> {
    while (!signal.aborted) {
      const delivery = deliveryOf('message_sent');
      const answer = await postAsSender(() => server.postOnce(delivery), signal);
      expect(answer.status).toBe(200);
      acknowledged.set(Number(answer.body.position), String(answer.body.id));
      if (reached && acknowledged.size >= reached.count) reached.resolve();
    }
  }
  const posting = Promise.all(
    Array.from({ length: POSTERS }, () =>
      poster().catch((error) => {
        if (!signal.aborted) throw error;
      }),
    ),
  );
  return {
    acknowledged,
    /** Resolves when `count` deliveries are acknowledged; rejects if one is refused. */
    until: (count: number) =>
      Promise.race([
        new Promise<void>((resolve) => {
          reached = { count, resolve };
        }),
        posting.then(() => Promise.reject(new Error('the posters have stopped'))),
      ]),
    async stop() {
      stop.abort();
      await posting;
    },
  };
}

async function storedIds(server: ServerProcess): Promise<string[]> {
  const ids: string[] = [];
  const signal = testSignal();
  let after: string | null = null;
  for (;;) {
    signal.throwIfAborted();
    const { data } = (await server.query(
      'query($after: String) { events(first: 1000, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
      { after },
    )) as unknown as Stored;
    ids.push(...data.events.edges.map(({ node }) => node.id));
    if (!data.events.pageInfo.hasNextPage) return ids;
    after = data.events.pageInfo.endCursor;
  }
}

function expectNothingLost(ids: string[], acknowledged: ReadonlyMap<number, string>): void {
  expect(new Set(ids).size).toBe(ids.length);
  for (const [position, id] of acknowledged) expect(ids[position - 1]).toBe(id);
}

test('a SIGKILL of the database loses no acknowledged event, and the server continues', async () => {
  const server = await startServerProcess({ cwd: await temporaryDirectory() });
  const posting = startPosting(server);
  await posting.until(200);
  const pid = await server.databasePid();
  process.kill(pid, 'SIGKILL');
  await posting.until(posting.acknowledged.size + 400);
  await posting.stop();

  expect(await server.databasePid()).not.toBe(pid);
  expectNothingLost(await storedIds(server), posting.acknowledged);
  const { code, stderr } = await server.kill('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).toContain('the embedded database is down');
});

test('a SIGKILL of the server loses no acknowledged event', async () => {
  const cwd = await temporaryDirectory();
  const first = await startServerProcess({ cwd });
  const posting = startPosting(first);
  await posting.until(300);
  await first.kill('SIGKILL');
  await posting.stop();

  // The killed server's database is still running: the next server ends it and takes over.
  const second = await startServerProcess({ cwd });
  expectNothingLost(await storedIds(second), posting.acknowledged);
  expect((await second.kill('SIGTERM')).code).toBe(0);
});
