import { parseArgs } from 'node:util';

/** The options of `npm run test:simulation`. */
export type SimulationOptions =
  | { kind: 'help' }
  | { kind: 'seed'; seed: number }
  | { kind: 'seeds'; from: number; count: number; twice: boolean }
  | { kind: 'planted'; count: number; catches: number; only: string | undefined }
  | { kind: 'model' };

export const HELP = `Runs the real log, feed and webhook against a replica set in memory.

  npm run test:simulation -- [options]

  --seed N        runs one seed and prints its trace
  --seeds N       runs so many seeds (100), and prints those that break a rule
  --from N        the first of them (1)
  --twice         runs each seed twice, and compares the traces
  --planted       plants each fault of planted/faults.ts in a copy of the sources, and looks for
                  a seed that finds it, among --seeds (2000)
  --only NAMES    plants these faults alone, with commas between them
  --catches N     runs seeds until N of them have found a fault (1)
  --model         visits every state of the commit protocol in the largest scopes
  --help          this text

Exit codes: 0 all is right, 1 a rule was broken or a fault was not found, 2 an option is not right.`;

/** The command line is invalid; the message says why. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

const PLANTED_SEEDS = 2_000;
const DEFAULT_SEEDS = 100;

/** @throws OptionsError */
export function readOptions(args: readonly string[]): SimulationOptions {
  const values = parse(args);
  if (values.help) return { kind: 'help' };
  const count = (fallback: number) => toNumber('seeds', values.seeds, fallback);
  if (values.model) return { kind: 'model' };
  if (values.planted) {
    const catches = toNumber('catches', values.catches, 1);
    return { kind: 'planted', count: count(PLANTED_SEEDS), catches, only: values.only };
  }
  if (values.seed !== undefined) return { kind: 'seed', seed: toNumber('seed', values.seed, 0) };
  return {
    kind: 'seeds',
    from: toNumber('from', values.from, 1),
    count: count(DEFAULT_SEEDS),
    twice: values.twice === true,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ seed: text, seeds: text, from: text, only: text, catches: text },
        ...{ twice: flag, planted: flag, model: flag, help: flag },
      },
    });
    return values;
  } catch (error) {
    throw new OptionsError((error as Error).message);
  }
}

function toNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OptionsError(`--${name}: expected a whole number, got ${text}`);
}
