import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { inRounds } from '../in-rounds.ts';
import { goal, type Report, ratio } from '../report/report.ts';
import { startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';
import { measureDriver, measureReaders, postLog, TIMES_MANY, TIMES_ONE } from './measure-replay.ts';

const names = ['eventline', 'driver-read'] as const;

/** Replays over WebSocket beside reading with the driver. */
export async function replay(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const size = quick
    ? { events: 20_000, near: 100, readers: 100 }
    : { events: 100_000, near: 100, readers: 1_000 };
  const log = await postLog(bench, size);
  const medians = await inRounds(bench, { names, what: 'replay' }, async (contestant) => {
    const server = await startContestant(bench, contestant, log.databaseName);
    const load = startLoad();
    try {
      if (contestant.name === 'driver-read') return await measureDriver(server, log.events);
      return await measureReaders(bench, { server, load: load.ask }, { ...size, log });
    } finally {
      await load.close();
      await server.close();
    }
  });
  await bench.database.drop(log.databaseName);
  const ours = medians.get('eventline');
  const driver = medians.get('driver-read');
  const readers = size.readers.toLocaleString('en');
  const near = size.near.toLocaleString('en');
  return {
    work: 'replay',
    title: 'Replay',
    notes: [
      `One WebSocket goes on behind the start of a log of ${size.events.toLocaleString('en')} events, until it has all. Beside it a process that reads the same documents by the driver, in closed ranges of 1,000, and does nothing with them.`,
      `Many readers: ${readers} connected clients go on at once behind the same cursor, ${near} events from the end, against one that does (the means of ${TIMES_MANY} and ${TIMES_ONE} times). The database's time is told in steps of 10 ms, and holds what it does by itself; that it is asked less than five times as often as for one is held by test/feed/page-cache.test.ts.`,
      'The bound on replays (REPLAY_EVENTS_PER_SECOND) is raised, so that the way itself is measured.',
      ...(quick ? ['--quick: 20,000 events, 100 readers.'] : []),
    ],
    tables: [
      {
        title: `${size.events.toLocaleString('en')} events`,
        columns: ['', 'events/s', 'to the driver', 'CPU µs an event'],
        rows: [...medians].map(([name, { rate, cpu }]) => [
          contestants[name].label,
          rate,
          ratio(rate, driver?.rate),
          cpu,
        ]),
      },
      {
        title: `Readers at one place, ${near} events`,
        columns: ['', 'one', readers, 'ratio'],
        rows: ours
          ? [
              [
                'seconds',
                ours.oneSeconds,
                ours.manySeconds,
                ratio(ours.manySeconds, ours.oneSeconds),
              ],
              [
                'server, CPU ms',
                ours.oneCpuMs,
                ours.manyCpuMs,
                ratio(ours.manyCpuMs, ours.oneCpuMs),
              ],
              [
                'database, CPU ms',
                ours.oneDatabaseMs,
                ours.manyDatabaseMs,
                ratio(ours.manyDatabaseMs, ours.oneDatabaseMs),
              ],
              [
                'deliveries/s',
                ratio(size.near, ours.oneSeconds),
                ratio(size.near * size.readers, ours.manySeconds),
                undefined,
              ],
            ]
          : [],
      },
    ],
    plots: [
      {
        name: 'rate',
        title: `Replay of ${size.events.toLocaleString('en')} events`,
        kind: 'bars',
        x: '',
        y: 'events/s',
        points: [...medians].map(([series, { rate = 0 }]) => ({ series, x: '', y: rate })),
      },
    ],
    goals: [
      goal('events/s, to the driver in closed ranges', ratio(ours?.rate, driver?.rate), {
        least: 0.35,
      }),
      goal(
        `deliveries/s of ${readers} readers at one place, to one's`,
        ratio(size.readers * (ours?.oneSeconds ?? Number.NaN), ours?.manySeconds),
        { least: 1 },
      ),
    ],
  };
}
