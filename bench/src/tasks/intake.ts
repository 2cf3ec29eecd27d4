import type { Bench } from '../bench.ts';
import { contestants } from '../contestants.ts';
import { measureInRounds } from '../measure-in-rounds.ts';
import { type Report, ratio, target } from '../report/report.ts';
import { withContestant } from '../with-contestant.ts';
import { CONNECTIONS, closedLoop, WARM_UP } from './one-of-many.ts';

const USERS = 2_000;
/** More than a server without a database accepts per second. */
const MAX_RATE = 90_000;

const names = ['eventline', 'express', 'group-commit', 'no-database'] as const;

/** Measures the intake of webhooks over 64 connections. */
export async function intake(bench: Bench): Promise<Report> {
  const { quick } = bench.options;
  const ms = quick ? 1_000 : 3_000;
  const medians = await measureInRounds(bench, { names, label: 'intake' }, (contestant) =>
    withContestant(bench, contestant, async (server, load) => {
      await load('posters', { ports: server.ports, count: CONNECTIONS });
      const options = { users: USERS, isDelivered: false, maxRate: MAX_RATE };
      await closedLoop(server, load, { ...options, ...WARM_UP });
      return closedLoop(server, load, { ...options, ms, database: bench.database });
    }),
  );
  const rateOf = (name: (typeof names)[number]) => medians.get(name)?.rate;
  return {
    task: 'intake',
    title: 'Intake of webhooks',
    notes: [
      `${CONNECTIONS} connections; each posts the next signed delivery after the answer to the one before. An answer means durable on a majority and journalled, except for the server without a database.`,
      'Express with mongoose and the plain group commit check the signature, parse and store, with three indexes. Eventline also validates, computes the digest that detects duplicates, assigns dense positions, and has seven indexes: `_id`, position, user, installation, type, professional and message.',
      'The load generator and the database share the cores with the server.',
    ],
    tables: [
      {
        title: 'Webhooks',
        columns: [
          '',
          'per second',
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
    targets: [
      target('to Express with mongoose', ratio(rateOf('eventline'), rateOf('express')), { min: 5 }),
      target('to the plain group commit', ratio(rateOf('eventline'), rateOf('group-commit')), {
        min: 1,
      }),
      target('to the limit without a database', ratio(rateOf('eventline'), rateOf('no-database')), {
        min: 0.65,
      }),
    ],
  };
}
