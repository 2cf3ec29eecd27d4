import type { Bench } from '../bench.ts';
import { inOneRound, ONE_ROUND } from '../in-one-round.ts';
import type { Plot, Report, Table } from '../report/report.ts';
import { growthOfFanout } from './growth-of-fanout.ts';
import { growthOfIntake } from './growth-of-intake.ts';
import { growthOfLatency } from './growth-of-latency.ts';
import { growthOfPublish } from './growth-of-publish.ts';

/** A part of the growth: a table, its plots, and what is to be said about it. */
export interface GrowthPart {
  note: string;
  tables: Table[];
  plots: Plot[];
}

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
