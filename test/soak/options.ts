import { parseArgs } from 'node:util';

export interface SoakOptions {
  minutes: number;
  /** Deliveries per second. */
  rate: number;
  subscribers: number;
  servers: number;
  /** URI of a replica set; undefined for an embedded database. */
  uri: string | undefined;
  json: boolean;
}

/** The options are invalid; the message says what and why. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

const bounds = {
  minutes: { low: 0.2, high: 10_000 },
  rate: { low: 1, high: 10_000 },
  subscribers: { low: 10, high: 100_000 },
  servers: { low: 1, high: 16 },
} as const;

export const HELP = `Runs Eventline for long under an even load, with subscribers that come and go, and reports errors,
latency, memory by minute, and what is still open when all have left.

  npm run soak -- [options]

  --minutes N       how long (20)
  --rate N          deliveries a second (300)
  --subscribers N   most of them to one user's events, some to all (1000)
  --servers N       server processes (1)
  --uri URI         the replica set; without it an embedded database in a temporary directory
  --json            the figures as JSON

What is to be reached, and whether it was, stands at the end; the exit code is 1 where it was not.`;

/** @throws OptionsError */
export function readOptions(args: string[]): SoakOptions | 'help' {
  const text = { type: 'string' } as const;
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        ...{ minutes: text, rate: text, subscribers: text, servers: text, uri: text },
        ...{ json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      },
    }));
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
  if (values.help) return 'help';
  const number = (name: keyof typeof bounds, byDefault: number) => {
    const { low, high } = bounds[name];
    const value = Number(values[name] ?? byDefault);
    const isGood = value >= low && value <= high && (name === 'minutes' || Number.isInteger(value));
    if (!isGood) throw new OptionsError(`--${name}: expected a number from ${low} to ${high}`);
    return value;
  };
  return {
    minutes: number('minutes', 20),
    rate: number('rate', 300),
    subscribers: number('subscribers', 1_000),
    servers: number('servers', 1),
    uri: values.uri as string | undefined,
    json: values.json === true,
  };
}
