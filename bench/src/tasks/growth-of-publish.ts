import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, measureInRounds } from '../measure-in-rounds.ts';
import { signToken } from '../sign-token.ts';
import { withContestant } from '../with-contestant.ts';
import type { GrowthPart } from './growth-part.ts';
import { CONNECTIONS, closedLoop, openIdle, WARM_UP } from './one-of-many.ts';

const SUBSCRIBED_USERS = 100;
const names = ['eventline', 'apollo', 'apollo-filter'] as const;

/** Measures the cost of a publish by the number of subscriptions that do not match. */
export async function growthOfPublish(bench: Bench): Promise<GrowthPart> {
  const { quick } = bench.options;
  const counts = quick ? [0, 1_000] : [0, 1_000, 5_000, 10_000, 20_000];
  const ms = quick ? 300 : 1_000;
  const medians = await measureInRounds(bench, { names, label: 'growth, publish' }, (contestant) =>
    withContestant(bench, contestant, async (server, load) => {
      const { port } = server;
      const options = { users: SUBSCRIBED_USERS, isDelivered: true };
      await load('posters', { ports: server.ports, count: CONNECTIONS });
      await load('subscribers', { port, token: signToken(), count: SUBSCRIBED_USERS, of: 'user' });
      await closedLoop(server, load, { ...options, ...WARM_UP });
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
    note: `A publish for one of ${SUBSCRIBED_USERS} users by the number of subscriptions that do not match it. CPU of the whole path; for Eventline this includes the log.`,
    tables: [
      {
        title: 'CPU µs per publish by subscriptions that do not match',
        columns,
        rows: rowsOf('cpu'),
      },
      { title: 'Publishes/s by subscriptions that do not match', columns, rows: rowsOf('rate') },
    ],
    plots: [
      {
        name: 'publish-cpu',
        title: 'Publishes with subscriptions that do not match',
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
