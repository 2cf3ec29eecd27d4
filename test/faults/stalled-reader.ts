import { setTimeout as delay } from 'node:timers/promises';
import { startCluster } from './cluster.ts';
import { createDurations, type Durations, round } from './figures.ts';
import { openLiveSockets } from './live-sockets.ts';
import { startMarkedPosting } from './marked-posting.ts';
import { megabytes } from './resident-bytes.ts';
import type { RunScenario } from './scenario.ts';
import { openStalledSocket } from './stalled-socket.ts';
import { withLimit } from './with-limit.ts';

const ROUNDS = 2;
const WARM_UP_MS = 5_000;
const PHASE_MS = 15_000;
/** The measurement ends before the server ends the stalled reader, which is then awaited. */
const STALLED_READER_SECONDS = 20;
const UNTIL_ENDED_MS = 30_000;
const WAKE_MS = 15_000;
const LIMIT_MS = 30_000;
const STALLED_DOCUMENT = 'subscription { events { cursor payload } }';

/**
 * Measures many live subscribers of one server without a stalled reader, with one, and after the
 * server has ended it, under the same load.
 */
export const runStalledReader: RunScenario = async ({ options, run, findings }) => {
  const { readers, rate } = options;
  const env = { STALLED_READER_SECONDS: String(STALLED_READER_SECONDS) };
  const cluster = await startCluster(run, findings, { servers: 1, env });
  const [node] = cluster.nodes;
  if (!node) throw new Error('there is no server');
  const { server } = node;
  const token = () => cluster.token({ scope: 'events:read' });
  const live = await openLiveSockets(readers, {
    url: server.url,
    // Valid for the whole run.
    token: () => cluster.token({ scope: 'events:read', expires: '1h' }),
    findings,
  });
  run.onEnd(live.close);
  const posting = startMarkedPosting(cluster, { ratePerSecond: rate, findings });
  run.onEnd(posting.stop);

  async function phase(into: Durations, forMs: number): Promise<number> {
    live.measureInto(into);
    let most = 0;
    for (const endMs = performance.now() + forMs; performance.now() < endMs; ) {
      await delay(250, undefined, { signal: run.signal });
      most = Math.max(most, (await server.residentBytes()) ?? 0);
    }
    return most;
  }

  const names = ['without', 'stalled', 'ended'] as const;
  const durations = Object.fromEntries(names.map((name) => [name, [] as Durations[]]));
  const measured = (name: (typeof names)[number]) => {
    const fresh = createDurations();
    durations[name]?.push(fresh);
    return fresh;
  };
  const memory: Record<'before' | 'during' | 'after', number>[] = [];
  const endedBy: string[] = [];
  await phase(createDurations(), WARM_UP_MS);
  for (let turn = 0; turn < ROUNDS; turn++) {
    await phase(measured('without'), PHASE_MS);
    const before = (await server.residentBytes()) ?? 0;
    const stalled = await openStalledSocket(server.url, {
      document: STALLED_DOCUMENT,
      token: await token(),
    });
    run.onEnd(stalled.close);
    const during = await phase(measured('stalled'), PHASE_MS);
    const later = await phase(createDurations(), UNTIL_ENDED_MS);
    const how = withLimit(stalled.wake(), WAKE_MS, () => 'it was not ended');
    endedBy.push(await how.catch((error: Error) => error.message));
    stalled.close();
    await phase(measured('ended'), PHASE_MS);
    const after = (await server.residentBytes()) ?? 0;
    memory.push({ before, during: Math.max(during, later), after });
  }
  const last = await posting.stop();
  await withLimit(
    live.haveGot(last),
    LIMIT_MS,
    () => `${live.without(last)} live readers have not got event ${last}`,
  );
  for (const how of endedBy) {
    if (how === 'it was not ended') findings.add('wrong', `the stalled reader: ${how}`);
  }

  const p = (name: (typeof names)[number], share: number) =>
    (durations[name] ?? []).map((each) => round(each.percentileMs(share)));
  const p99 = names.map((name) => p(name, 0.99));
  return {
    events: last,
    readers,
    delivered: names.flatMap((name) => (durations[name] ?? []).map((each) => each.count())),
    ...Object.fromEntries(
      names.map((name) => [name, { p50Ms: p(name, 0.5), p99Ms: p(name, 0.99) }]),
    ),
    p99Ratio: (p99[1] ?? []).map((ms, turn) => round(ms / (p99[0]?.[turn] ?? Number.NaN))),
    endedBy,
    memoryMb: memory.map((each) => Object.values(each).map(megabytes)),
  };
};
