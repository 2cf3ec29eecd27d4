import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Medians, measureInRounds } from '../measure-in-rounds.ts';
import type { Plot } from '../report/report.ts';
import { withContestant } from '../with-contestant.ts';
import { measureFanout } from './fanout.ts';
import type { GrowthPart } from './growth-part.ts';

const names = ['eventline', 'apollo', 'raw-ws', 'frame'] as const;

/** Measures deliveries per second by the number of subscribers. */
export async function growthOfFanout(bench: Bench): Promise<GrowthPart> {
  const { quick } = bench.options;
  const counts = quick ? [100, 300] : [100, 300, 1_000, 3_000, 10_000];
  const ms = quick ? 300 : 1_000;
  const all: [count: number, medians: Medians][] = [];
  for (const count of counts) {
    const label = `growth, fanout to ${count}`;
    const medians = await measureInRounds(bench, { names, label }, (contestant) =>
      withContestant(bench, contestant, (server, load) =>
        measureFanout(server, load, { count, ms }),
      ),
    );
    all.push([count, medians]);
  }
  const plot = (key: string, title: string): Plot => ({
    name: `fanout-${key}`,
    title,
    kind: 'lines',
    x: 'subscribers',
    y: 'deliveries/s',
    logX: true,
    logY: true,
    points: all.flatMap(([x, medians]) =>
      [...medians].map(([series, figures]) => ({ series, x, y: figures[key] ?? Number.NaN })),
    ),
  });
  const rowsOf = (key: string) =>
    names.map((name) => [
      contestants[name].label,
      ...all.map(([, medians]) => medians.get(name)?.[key]),
    ]);
  const columns = ['', ...counts.map((count) => count.toLocaleString('en'))];
  return {
    note: 'Fan-out of the same operation, as in the task fanout, by the number of subscribers.',
    tables: [
      {
        title: 'One event at a time, deliveries/s by subscribers',
        columns,
        rows: rowsOf('single'),
      },
      {
        title: 'First to last message, deliveries/s by subscribers',
        columns,
        rows: rowsOf('spread'),
      },
      { title: 'Bursts, deliveries/s by subscribers', columns, rows: rowsOf('burst') },
    ],
    plots: [plot('spread', 'One event at a time, first to last'), plot('burst', 'Bursts')],
  };
}
