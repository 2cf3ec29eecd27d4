import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { type Figures, measureInRounds } from '../measure-in-rounds.ts';
import { withContestant } from '../with-contestant.ts';
import type { GrowthPart } from './growth-part.ts';
import { measureLatency } from './latency.ts';

const names = ['eventline', 'bare-write'] as const;

/** Measures latency by rate, up to saturation. */
export async function growthOfLatency(bench: Bench): Promise<GrowthPart> {
  const { quick } = bench.options;
  const rates = quick ? [100, 500] : [100, 250, 500, 1_000, 2_000, 4_000, 8_000];
  const ms = quick ? 500 : 2_000;
  const medians = await measureInRounds(bench, { names, label: 'growth, latency' }, (contestant) =>
    withContestant(bench, contestant, async (server, load) => {
      const all = await measureLatency({ server, load, contestant }, { ms, rates });
      const figures: Figures = {};
      all.forEach(({ p50Ms = Number.NaN, p99Ms = Number.NaN }, index) => {
        Object.assign(figures, { [`p50 ${rates[index]}`]: p50Ms, [`p99 ${rates[index]}`]: p99Ms });
      });
      return figures;
    }),
  );
  return {
    note: 'From the post to the subscriber by rate, as in the task latency. Above saturation posts wait, and the time grows with the length of the run.',
    tables: [
      {
        title: 'Milliseconds by events/s',
        columns: ['', ...rates.map((rate) => rate.toLocaleString('en'))],
        rows: [...medians].flatMap(([name, figures]) =>
          ['p50', 'p99'].map((part) => [
            `${contestants[name].label}, ${part}`,
            ...rates.map((rate) => figures[`${part} ${rate}`]),
          ]),
        ),
      },
    ],
    plots: [
      {
        name: 'latency',
        title: 'From the post to the subscriber, p50',
        kind: 'lines',
        x: 'events/s',
        y: 'ms',
        logX: true,
        logY: true,
        points: [...medians].flatMap(([series, figures]) =>
          rates.map((x) => ({ series, x, y: figures[`p50 ${x}`] ?? Number.NaN })),
        ),
      },
    ],
  };
}
