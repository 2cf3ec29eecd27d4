import type { Bench } from '../bench.ts';
import { inOneRound, ONE_ROUND } from '../in-one-round.ts';
import type { Report } from '../report/report.ts';
import { growthOfFanout } from './growth-of-fanout.ts';
import { growthOfIntake } from './growth-of-intake.ts';
import { growthOfLatency } from './growth-of-latency.ts';
import { growthOfPublish } from './growth-of-publish.ts';
import type { GrowthPart } from './growth-part.ts';

/** How the costs grow. */
export async function growth(whole: Bench): Promise<Report> {
  const bench = inOneRound(whole);
  const parts: GrowthPart[] = [];
  for (const part of [growthOfFanout, growthOfPublish, growthOfLatency, growthOfIntake]) {
    parts.push(await part(bench));
  }
  return {
    work: 'growth',
    title: 'How cost grows',
    notes: [ONE_ROUND, ...parts.map(({ note }) => note)],
    tables: parts.flatMap(({ tables }) => tables),
    plots: parts.flatMap(({ plots }) => plots),
    goals: [],
  };
}
