import { text } from 'node:stream/consumers';
import { userId as userIdField } from '../../catalog/field.ts';
import { completedErasures } from '../../erasure/eraser.ts';
import type { ErasureCounts, ErasureProgress } from '../../erasure/types.ts';
import { createLogger } from '../../observability/create-logger.ts';
import type { EventLog } from '../../server/create-event-log.ts';
import { CommandError } from '../command-error.ts';
import { confirm } from '../confirm.ts';
import { line, type Terminal } from '../terminal.ts';
import { supportsColours } from '../wants-colours.ts';
import { withLog } from '../with-log.ts';

/** Interval between progress lines, in milliseconds. */
const PROGRESS_MS = 1_000;
const { schema } = userIdField('');

export interface EraseCommandOptions {
  user: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/**
 * Erases a user. Asks for confirmation, or needs `--yes` without a terminal. The user id is never
 * printed. At the end a log line is written to standard error, as the server writes it.
 *
 * @throws CommandError without confirmation; LogUnavailableError when the erasure is incomplete
 */
export async function erase(terminal: Terminal, options: EraseCommandOptions): Promise<void> {
  const { dryRun: dry = false, yes, json } = options;
  // The id is read from standard input, so no question can be answered there.
  const isAsked = !dry && !yes;
  if (isAsked && (options.user === '-' || !terminal.in.isTTY)) {
    throw new CommandError('No terminal for a confirmation: give --yes to erase permanently.');
  }
  const userId = options.user === '-' ? (await text(terminal.in)).trim() : options.user;
  if (!schema.safeParse(userId).success) {
    throw new CommandError('--user: expected an id of 1 to 512 characters.');
  }
  const work = async ({ eraser }: EventLog) => {
    const question = 'Erase this user permanently? This cannot be undone. (y/N) ';
    if (isAsked && !(await confirm(terminal, question))) {
      throw new CommandError('Nothing was erased.');
    }
    const { signal } = terminal;
    try {
      return await eraser.erase(userId, { dry, signal, onProgress: reporter(terminal) });
    } catch (error) {
      if (!dry)
        line(terminal.err, 'Not finished. Run the command again; it resumes where it stopped.');
      throw error;
    }
  };
  const logs = completedErasures.subscribe(logErased(terminal));
  const counts = await withLog(terminal, work).finally(logs);
  if (json) line(terminal.out, JSON.stringify({ ...counts, dryRun: dry }));
  else line(terminal.out, describe(counts, dry));
}

/** Operators who keep the servers' logs can keep this line with them. */
function logErased({ config, env, err }: Terminal): (outcome: object) => void {
  const isTerminal = (err as NodeJS.WriteStream).isTTY === true;
  const colours = supportsColours(env, err);
  const level = config().logLevel;
  const logger = createLogger({ level, pretty: isTerminal, colours, destination: err });
  return (outcome) => logger.info(outcome, 'a user was erased');
}

function describe({ events, mentions, quarantined }: ErasureCounts, dry: boolean): string {
  const own = `${events} ${events === 1 ? 'event' : 'events'} of the user`;
  const others = `${mentions} ${mentions === 1 ? 'other that leads' : 'others that lead'} to them`;
  const what = `${own}, ${others}, ${quarantined} from quarantine`;
  return dry ? `Would be erased: ${what}.` : `Erased: ${what}.`;
}

/** Prints progress at intervals, and at least the start of each step. */
function reporter({ err }: Terminal): (progress: ErasureProgress) => void {
  let step: ErasureProgress['step'] | undefined;
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    if (progress.step === step && performance.now() - reportedAtMs < PROGRESS_MS) return;
    step = progress.step;
    reportedAtMs = performance.now();
    line(err, describeProgress(progress));
  };
}

function describeProgress(progress: ErasureProgress): string {
  const { step, searched, positions, events, mentions } = progress;
  if (step === 'waiting') return 'Waiting until every server knows …';
  const percent = positions === 0 ? 100 : Math.floor((100 * searched) / positions);
  const what = step === 'events' ? 'Erasing events' : 'Searching the log';
  return `${what}: ${percent} % of ${positions} positions, ${events + mentions} so far …`;
}
