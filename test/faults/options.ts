import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export const scenarios = ['mixed', 'holder', 'restart', 'stalled-reader', 'contention'] as const;
export type Scenario = (typeof scenarios)[number];

export interface FaultOptions {
  scenario: Scenario;
  /** How long faults are applied; for `contention` the duration of each part. */
  minutes: number;
  servers: number;
  readers: number;
  /** Number of planned faults; for `restart` the number of restarts. */
  faults: number;
  /** Deliveries per second. */
  rate: number;
  seed: number;
  json: boolean;
}

/** The options are invalid; the message says what and why. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

const SHORT_MINUTES = 0.75;
/** From this duration on the run has more readers. */
const LONG_MINUTES = 2;
const FAULTS_A_MINUTE = 6;

const bounds = {
  minutes: { low: 0.1, high: 1_440, whole: false },
  servers: { low: 1, high: 16, whole: true },
  readers: { low: 1, high: 2_000, whole: true },
  faults: { low: 0, high: 10_000, whole: true },
  rate: { low: 1, high: 5_000, whole: true },
  seed: { low: 0, high: 2 ** 32 - 1, whole: true },
} as const;
type Numeric = keyof typeof bounds;

/** The options of each scenario besides --scenario, --seed and --json. */
const taken: Record<Scenario, readonly Numeric[]> = {
  mixed: ['minutes', 'servers', 'readers', 'faults', 'rate'],
  holder: ['minutes', 'servers', 'readers', 'rate'],
  restart: ['servers', 'readers', 'faults', 'rate'],
  'stalled-reader': ['readers', 'rate'],
  contention: ['minutes', 'servers'],
};

export const HELP = `Runs real servers and a real database under faults, and checks that nothing was lost,
doubled or disordered.

  npm run test:faults -- [options]

  --scenario NAME   mixed (default): posters, readers of every kind, faults at random
                    holder: one fault after the other of the writer lease's holder
                    restart: how fast the clients of a killed server are back
                    stalled-reader: what one stalled reader costs the others
                    contention: several servers at full load, against one alone
  --minutes N       mixed, holder: how long faults last (${SHORT_MINUTES}); contention: each part (0.25)
  --servers N       server processes (3); not for stalled-reader
  --readers N       mixed: 40, from ${LONG_MINUTES} minutes on 200; holder: 20; restart: 60;
                    stalled-reader: 500
  --faults N        mixed: 12, in the long form ${FAULTS_A_MINUTE} a minute; restart: 6 restarts
  --rate N          deliveries a second; mixed, holder: 50, restart: 30, stalled-reader: 10
  --seed S          repeats the decisions of a run; made up and printed if not given
  --json            the figures as one JSON object
  --help            this text

Exit codes: 0 all is right, 1 a violation or a failure, 2 an option is not right, 130 interrupted.`;

/**
 * Reads the command line.
 *
 * @returns 'help' if that was requested
 * @throws OptionsError for an unknown option or an invalid value
 */
export function readOptions(args: readonly string[]): FaultOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const scenario = scenarios.find((name) => name === (values.scenario ?? 'mixed'));
  if (scenario === undefined) {
    throw new OptionsError(`--scenario: expected ${scenarios.join(', ')}, got ${values.scenario}`);
  }
  const given: Partial<Record<Numeric, number>> = {};
  for (const name of Object.keys(bounds) as Numeric[]) {
    const text = values[name];
    if (text === undefined) continue;
    if (name !== 'seed' && !taken[scenario].includes(name)) {
      throw new OptionsError(`--${name}: the scenario ${scenario} does not take it`);
    }
    given[name] = toNumber(name, text);
  }
  return { ...defaultsOf(scenario, given.minutes), ...given, scenario, json: values.json === true };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        scenario: text,
        ...{ minutes: text, servers: text, readers: text, faults: text, rate: text, seed: text },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
}

function toNumber(name: Numeric, text: string): number {
  const { low, high, whole } = bounds[name];
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value;
  throw new OptionsError(
    `--${name}: expected a ${whole ? 'whole ' : ''}number from ${low} to ${high}, got ${text}`,
  );
}

function defaultsOf(scenario: Scenario, givenMinutes: number | undefined) {
  const seed = randomInt(2 ** 32);
  const minutes = givenMinutes ?? (scenario === 'contention' ? 0.25 : SHORT_MINUTES);
  const isLong = minutes >= LONG_MINUTES;
  const faults = isLong ? Math.round(minutes * FAULTS_A_MINUTE) : 12;
  const common = { minutes, servers: 3, faults, rate: 50, seed };
  switch (scenario) {
    case 'mixed':
      return { ...common, readers: isLong ? 200 : 40 };
    case 'holder':
      return { ...common, readers: 20 };
    case 'restart':
      return { ...common, readers: 60, faults: 6, rate: 30 };
    case 'stalled-reader':
      return { ...common, servers: 1, readers: 500, rate: 10 };
    case 'contention':
      return { ...common, readers: 1 };
  }
}
