import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, inRounds } from '../in-rounds.ts';
import { signToken } from '../sign-token.ts';
import { withContestant } from '../with-contestant.ts';
import type { GrowthPart } from './growth-part.ts';
import { CONNECTIONS, closedLoop, openIdle, WARM } from './one-of-many.ts';

const WATCHED = 100;
const names = ['eventline', 'apollo', 'apollo-filter'] as const;

/** What a publish costs against the number of subscribers that it does not concern. */
export async function growthOfPublish(bench: Bench): Promise<GrowthPart> {
  const { quick } = bench.options;
  const counts = quick ? [0, 1_000] : [0, 1_000, 5_000, 10_000, 20_000];
  const ms = quick ? 300 : 1_000;
  const medians = await inRounds(bench, { names, what: 'growth, publish' }, (contestant) =>
    withContestant(bench, contestant, async (server, load) => {
      const { port } = server;
      const options = { users: WATCHED, isDelivered: true };
      await load('posters', { port, count: CONNECTIONS });
      await load('subscribers', { port, token: signToken(), count: WATCHED, of: 'user' });
      await closedLoop(server, load, { ...options, ...WARM });
      const figures: Figures = {};
      let open = 0;
      for (const count of counts) {
        await openIdle(load, { port, count: count - open, before: open });
        open = count;
        const { rate, cpu } = await closedLoop(server, load, { ...options, ms });
        Object.assign(figures, { [`cpu${count}`]: cpu, [`rate${count}`]: rate });
      }
      return figures;
    }),
  );
  const columns = ['', ...counts.map((count) => count.toLocaleString('en'))];
  const rowsOf = (key: string) =>
    [...medians].map(([name, figures]) => [
      contestants[name].label,
      ...counts.map((count) => figures[`${key}${count}`]),
    ]);
  return {
    note: `A publish for one of ${WATCHED} users against the number of subscriptions that do not match it; the CPU of the whole way, for Eventline with the log.`,
    tables: [
      {
        title: 'CPU µs a publish by subscriptions that do not match',
        columns,
        rows: rowsOf('cpu'),
      },
      { title: 'Publishes/s by subscriptions that do not match', columns, rows: rowsOf('rate') },
    ],
    plots: [
      {
        name: 'publish-cpu',
        title: 'A publish beside subscriptions that do not match',
        kind: 'lines',
        x: 'subscriptions that do not match',
        y: 'CPU µs',
        logY: true,
        points: [...medians].flatMap(([series, figures]) =>
          counts.map((x) => ({ series, x, y: figures[`cpu${x}`] ?? Number.NaN })),
        ),
      },
    ],
  };
}
