import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { measureInRounds } from '../measure-in-rounds.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';
import { measureDriver, measureReaders, postLog, TIMES_MANY, TIMES_ONE } from './measure-replay.ts';

const names = ['eventline', 'driver-read'] as const;

/** Compares replays over WebSocket with reading by the driver. */
export async function replay(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const size = quick
    ? { events: 20_000, near: 100, readers: 100 }
    : { events: 100_000, near: 100, readers: 1_000 };
  const log = await postLog(bench, size);
  const medians = await measureInRounds(bench, { names, label: 'replay' }, async (contestant) => {
    const server = await startContestant(bench, contestant, log.databaseName);
    const load = startLoad();
    try {
      if (contestant.name === 'driver-read') return await measureDriver(server, log.events);
      return await measureReaders(bench, { server, load: load.call }, { ...size, log });
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
    task: 'replay',
    title: 'Replay',
    notes: [
      `One WebSocket reads a log of ${size.events.toLocaleString('en')} events from its start. It is compared with a process that reads the same documents with the driver, in closed ranges of 1,000, and discards them.`,
      `Many readers: ${readers} connected clients resume at the same time after the same cursor, ${near} events from the end, compared with one client (means of ${TIMES_MANY} and ${TIMES_ONE} repetitions). The database's CPU time has a resolution of 10 ms and includes its background work. test/feed/page-cache.slow.test.ts checks that the database gets less than five times the queries of one reader.`,
      'REPLAY_EVENTS_PER_SECOND is raised, so that the rate limiter does not limit the result.',
      ...(quick ? ['--quick: 20,000 events, 100 readers.'] : []),
    ],
    tables: [
      {
        title: `${size.events.toLocaleString('en')} events`,
        columns: ['', 'events/s', 'to the driver', 'CPU µs per event'],
        rows: [...medians].map(([name, { rate, cpu }]) => [
          contestants[name].label,
          rate,
          ratio(rate, driver?.rate),
          cpu,
        ]),
      },
      {
        title: `Readers at the same cursor, ${near} events`,
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
    targets: [
      target('events/s, to the driver in closed ranges', ratio(ours?.rate, driver?.rate), {
        min: 0.35,
      }),
      target(
        `deliveries/s of ${readers} readers at the same cursor, to one reader's`,
        ratio(size.readers * (ours?.oneSeconds ?? Number.NaN), ours?.manySeconds),
        { min: 1 },
      ),
    ],
  };
}
