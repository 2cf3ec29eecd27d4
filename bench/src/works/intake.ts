import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { inRounds } from '../in-rounds.ts';
import { goal, type Report, ratio } from '../report/report.ts';
import { withContestant } from '../with-contestant.ts';
import { CONNECTIONS, closedLoop, WARM } from './one-of-many.ts';

const USERS = 2_000;
/** More than a server without a database takes in a second. */
const MOST_A_SECOND = 90_000;

const names = ['eventline', 'express', 'group-commit', 'no-database'] as const;

/** Webhooks over 64 connections. */
export async function intake(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const ms = quick ? 1_000 : 3_000;
  const medians = await inRounds(bench, { names, what: 'intake' }, (contestant) =>
    withContestant(bench, contestant, async (server, load) => {
      await load('posters', { port: server.port, count: CONNECTIONS });
      const options = { users: USERS, isDelivered: false, mostASecond: MOST_A_SECOND };
      await closedLoop(server, load, { ...options, ...WARM });
      return closedLoop(server, load, { ...options, ms, database: bench.database });
    }),
  );
  const rateOf = (name: (typeof names)[number]) => medians.get(name)?.rate;
  return {
    work: 'intake',
    title: 'Intake of webhooks',
    notes: [
      `${CONNECTIONS} connections, each posts the next signed delivery when the last one was answered. An answer of all but the last means: durable on a majority, journalled.`,
      'Express with mongoose and the plain group commit check the signature, parse and store, with three indexes. Eventline validates, makes the digest by which repeats are known, gives out dense positions, and has four indexes.',
      'The load generator and the database share the cores with the server.',
    ],
    tables: [
      {
        title: 'Webhooks',
        columns: [
          '',
          'a second',
          'to Express',
          'to plain group commit',
          'p50 ms',
          'p99 ms',
          'CPU µs each',
          'CPU µs each, database',
        ],
        rows: [...medians].map(([name, { rate, cpu, p50Ms, p99Ms, databaseCpu }]) => [
          contestants[name].label,
          rate,
          ratio(rate, rateOf('express')),
          ratio(rate, rateOf('group-commit')),
          p50Ms,
          p99Ms,
          cpu,
          name === 'no-database' ? undefined : databaseCpu,
        ]),
      },
    ],
    plots: [
      {
        name: 'rate',
        title: `Webhooks over ${CONNECTIONS} connections`,
        kind: 'bars',
        x: '',
        y: 'webhooks/s',
        points: [...medians].map(([series, { rate = 0 }]) => ({ series, x: '', y: rate })),
      },
    ],
    goals: [
      goal('to Express with mongoose', ratio(rateOf('eventline'), rateOf('express')), { least: 5 }),
      goal('to the plain group commit', ratio(rateOf('eventline'), rateOf('group-commit')), {
        least: 1,
      }),
      goal('to the limit without a database', ratio(rateOf('eventline'), rateOf('no-database')), {
        least: 0.65,
      }),
    ],
  };
}
