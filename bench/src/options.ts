import { parseArgs } from 'node:util';
import { type ContestantName, contestants } from './contestants.ts';
import { type TaskName, taskNames } from './task-names.ts';

export interface BenchOptions {
  tasks: readonly TaskName[];
  /** One short round with less load. */
  quick: boolean;
  rounds: number;
  /** Prints the report as JSON instead of Markdown. */
  json: boolean;
  /** Writes CPU profiles of the servers. */
  profile: boolean;
  /** Only these contestants; undefined for all. */
  only: readonly ContestantName[] | undefined;
}

/** The command line is invalid; the message says which option and why. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

const MAX_ROUNDS = 99;
const DEFAULT_ROUNDS = 3;

export const HELP = `Compares Eventline with common alternatives on the same tasks.

  npm run bench                        run all tasks (about 35 minutes)
  npm run bench -- TASK... [options]

Tasks:
  fanout        one operation of 500 and 2,000 subscribers, one event at a time and in bursts
  one-of-many   events for one of 2,000 users, with and without 20,000 idle subscriptions
  intake        webhooks over 64 connections
  instances     three and five instances on one database, against one
  latency       time from the post to the subscriber at 500 events/s
  replay        100,000 events over one WebSocket, and many readers at the same cursor
  pages         pages of 50 events in logs of a million and ten thousand events
  memory        memory of an idle subscription
  growth        how these figures change with subscribers, stored events and rate

Options:
  --quick       one short round with less load; results go to bench/results/quick/
  --rounds N    number of rounds; medians are reported (default: ${DEFAULT_ROUNDS})
  --only NAME   only this contestant; can be repeated; results go to bench/results/quick/
  --profile     write CPU profiles of the servers; the directory is printed
  --json        print the report as JSON
  --help        print this text

Contestants: ${Object.keys(contestants).join(', ')}.
Database: BENCH_MONGODB_URI (a replica set), else the embedded one.
Exit codes: 0 success, 1 a contestant failed, 2 invalid option, 130 interrupted.`;

/**
 * Reads the command line.
 *
 * @returns 'help' for --help
 * @throws OptionsError for an unknown option or an invalid value
 */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const tasks = positionals.map((name) => oneOf('TASK', taskNames, name));
  const names = Object.keys(contestants) as ContestantName[];
  const quick = values.quick === true;
  if (quick && values.rounds !== undefined) {
    throw new OptionsError('--rounds: cannot be combined with --quick, which runs one round');
  }
  return {
    tasks: tasks.length === 0 ? taskNames : [...new Set(tasks)],
    quick,
    rounds: quick ? 1 : roundsOf(values.rounds),
    json: values.json === true,
    profile: values.profile === true,
    only: values.only?.map((name) => oneOf('--only', names, name)),
  };
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ quick: flag, json: flag, profile: flag },
        help: { type: 'boolean', short: 'h' },
        rounds: { type: 'string' },
        only: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
}

function oneOf<T extends string>(what: string, known: readonly T[], given: string): T {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  throw new OptionsError(`${what}: unknown value ${given}; expected one of ${known.join(', ')}`);
}

function roundsOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_ROUNDS;
  const rounds = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (rounds >= 1 && rounds <= MAX_ROUNDS) return rounds;
  throw new OptionsError(`--rounds: expected a whole number from 1 to ${MAX_ROUNDS}, got ${text}`);
}
