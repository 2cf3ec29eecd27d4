import type { Bench } from '../bench.ts';
import type { Report } from '../report/report.ts';
import { ONE_ROUND, withOneRound } from '../with-one-round.ts';
import { growthOfFanout } from './growth-of-fanout.ts';
import { growthOfIntake } from './growth-of-intake.ts';
import { growthOfLatency } from './growth-of-latency.ts';
import { growthOfPublish } from './growth-of-publish.ts';
import type { GrowthPart } from './growth-part.ts';

/** Measures how costs grow with the load. */
export async function growth(original: Bench): Promise<Report> {
  const bench = withOneRound(original);
  const parts: GrowthPart[] = [];
  for (const part of [growthOfFanout, growthOfPublish, growthOfLatency, growthOfIntake]) {
    parts.push(await part(bench));
  }
  return {
    task: 'growth',
    title: 'How cost grows',
    notes: [ONE_ROUND, ...parts.map(({ note }) => note)],
    tables: parts.flatMap(({ tables }) => tables),
    plots: parts.flatMap(({ plots }) => plots),
    targets: [],
  };
}
