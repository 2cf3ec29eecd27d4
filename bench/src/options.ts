import { parseArgs } from 'node:util';
import { type ContestantName, contestants } from './contestants.ts';
import { type WorkName, workNames } from './works.ts';

export interface BenchOptions {
  works: readonly WorkName[];
  /** One short round of less. */
  quick: boolean;
  rounds: number;
  /** The report as JSON on standard output instead of Markdown. */
  json: boolean;
  /** Writes CPU profiles of the servers. */
  profile: boolean;
  /** These contestants alone. */
  only: readonly ContestantName[] | undefined;
}

/** What was asked for cannot be done; the message says what and why. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

const MOST_ROUNDS = 99;
const LEAST_ROUNDS = 3;

export const HELP = `Measures Eventline beside what people would write instead, on the same work.

  npm run bench                      all of it (some 25 minutes)
  npm run bench -- WORK [options]

  fanout        the same operation of 500 and 2,000 subscribers, one event at a time and in bursts
  one-of-many   events for one of 2,000 users, with and without 20,000 idle others
  intake        webhooks over 64 connections
  latency       from the post to the subscriber at 500 events/s
  replay        100,000 events over one WebSocket, and many readers at one place
  pages         pages of 50 of a million events, beside ten thousand and the driver
  memory        what an idle subscription costs
  growth        how these figures change with subscribers, stored events and rate

  --quick       one short round of less; results go to bench/results/quick/
  --rounds N    rounds of which the medians are shown (${LEAST_ROUNDS})
  --only NAME   this contestant alone; may be given again; results go to bench/results/quick/
  --profile     CPU profiles of the servers into a directory that is named
  --json        the report as JSON on standard output
  --help        this text

Contestants: ${Object.keys(contestants).join(', ')}.
Database: BENCH_MONGODB_URI (a replica set), else the embedded one.
Exit codes: 0 done, 1 a contestant failed, 2 an option is not right, 130 interrupted.`;

/**
 * Reads the command line.
 *
 * @returns 'help' when that was asked for
 * @throws OptionsError for an unknown option or a value that cannot be meant
 */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const works = positionals.map((name) => oneOf('WORK', workNames, name));
  const names = Object.keys(contestants) as ContestantName[];
  const quick = values.quick === true;
  if (quick && values.rounds !== undefined) {
    throw new OptionsError('--rounds: --quick is one round; give one of them');
  }
  return {
    works: works.length === 0 ? workNames : [...new Set(works)],
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
  throw new OptionsError(`${what}: there is no ${given}; there are ${known.join(', ')}`);
}

function roundsOf(text: string | undefined): number {
  if (text === undefined) return LEAST_ROUNDS;
  const rounds = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (rounds >= 1 && rounds <= MOST_ROUNDS) return rounds;
  throw new OptionsError(`--rounds: expected a whole number from 1 to ${MOST_ROUNDS}, got ${text}`);
}
