import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { fillLog } from '../fill-log.ts';
import { type Figures, measureInRounds } from '../measure-in-rounds.ts';
import { startContestant } from '../start-contestant.ts';
import { startLoad } from '../start-load.ts';
import type { GrowthPart } from './growth-part.ts';
import { CONNECTIONS, closedLoop, WARM_UP } from './one-of-many.ts';

const USERS = 2_000;

/** Measures webhooks per second by the number of stored events. */
export async function growthOfIntake(bench: Bench): Promise<GrowthPart> {
  const { quick } = bench.options;
  const stored = quick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000];
  const ms = quick ? 500 : 2_000;
  const names = ['eventline'] as const;
  const medians = await measureInRounds(
    bench,
    { names, label: 'growth, intake' },
    async (contestant) => {
      const databaseName = `bench-growth-${process.pid}`;
      const uri = bench.database.uriOf(databaseName);
      // The server creates the collections and their indexes.
      await (await startContestant(bench, contestant, databaseName)).close();
      const figures: Figures = {};
      for (const count of stored) {
        await fillLog(uri, count);
        const server = await startContestant(bench, contestant, databaseName);
        const load = startLoad();
        try {
          await load.call('posters', { ports: server.ports, count: CONNECTIONS });
          const options = { users: USERS, isDelivered: false };
          await closedLoop(server, load.call, { ...options, ...WARM_UP });
          const { rate, p99Ms } = await closedLoop(server, load.call, { ...options, ms });
          Object.assign(figures, { [`rate ${count}`]: rate, [`p99 ${count}`]: p99Ms });
        } finally {
          await load.close();
          await server.close();
        }
      }
      await bench.database.drop(databaseName);
      return figures;
    },
  );
  const columns = ['', ...stored.map((count) => count.toLocaleString('en'))];
  const rowOf = (key: string) =>
    [...medians].map(([name, figures]) => [
      `${contestants[name].label}, ${key === 'rate' ? 'webhooks/s' : 'p99 ms'}`,
      ...stored.map((count) => figures[`${key} ${count}`]),
    ]);
  return {
    note: `Webhooks over ${CONNECTIONS} connections by the number of stored events, which Eventline's own code inserts without its webhook. 10,000,000 events were not measured.`,
    tables: [
      { title: 'Intake by stored events', columns, rows: [...rowOf('rate'), ...rowOf('p99')] },
    ],
    plots: [
      {
        name: 'intake',
        title: `Intake by stored events, ${CONNECTIONS} connections`,
        kind: 'lines',
        x: 'stored events',
        y: 'webhooks/s',
        logX: true,
        points: [...medians].flatMap(([series, figures]) =>
          stored.map((x) => ({ series, x, y: figures[`rate ${x}`] ?? Number.NaN })),
        ),
      },
    ],
  };
}
