import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { CommandError } from '../command-error.ts';
import { type Delivered, deliver } from '../deliver.ts';
import { findServerUrl, findSigner } from '../find-server.ts';
import { grouped } from '../show-progress.ts';
import { showStatus } from '../show-status.ts';
import { table } from '../table.ts';
import { jsonLine, line, printable, type Terminal } from '../terminal.ts';
import { formats } from './export/formats.ts';
import { type Posted, postLines } from './replay/post-lines.ts';
import { readLines } from './replay/read-lines.ts';
import { toDelivery } from './replay/to-delivery.ts';

/** Maximum number of refused lines that are printed. */
const MAX_REFUSAL_LINES = 10;

export interface ReplayOptions {
  /** Maximum lines per second. */
  rate?: number;
  /** Concurrent requests; 1 preserves the order of the file. */
  parallel: number;
  /** The first line to post, starting at 1. */
  fromLine: number;
  url?: string;
  secret?: string;
  json?: boolean;
}

/**
 * Posts recorded deliveries again, one per line of a file, with a new signature: bodies exactly as
 * the sender posted them, or events as `export` writes them. Empty lines are skipped.
 *
 * @param file a path, or - for standard input
 * @throws CommandError when the file cannot be read, no server answers, or deliveries were refused
 */
export async function replay(
  terminal: Terminal,
  file: string,
  options: ReplayOptions,
): Promise<void> {
  const config = terminal.config();
  const url = await findServerUrl(config, options.url);
  const signer = await findSigner(config, options.secret);
  const input = file === '-' ? (terminal.in as Readable) : await openInput(file);
  const { signal } = terminal;
  // Aborts a pending read too.
  signal.addEventListener('abort', () => input.destroy(), { once: true });
  const status = showStatus(terminal);
  const tally = createTally();
  let posted: Posted;
  try {
    posted = await postLines(readLines(input), {
      ...{ ...options, signal },
      async post(text, to) {
        // Each signed line of a CSV file would be quarantined.
        if (text.toString() === formats.csv.heading) {
          throw new CommandError(
            `${file} is CSV. Replay takes JSON lines: export without --format.`,
          );
        }
        const body = toDelivery(text);
        const how = { sign: () => signer(body), insist: !to.isFirst, signal: to.signal };
        const delivered = await deliver(url, body, how);
        if (delivered.httpStatus === 401) throw toWrongSecret(url, delivered);
        return delivered;
      },
      onAnswer(at, delivered) {
        tally.count(at, delivered);
        status.show(() => `${grouped(tally.posted())} posted, up to line ${grouped(at)}`);
      },
    });
  } finally {
    input.destroy();
    status.end();
  }
  const { resumeFromLine, failure } = posted;
  const outcomes = Object.fromEntries(tally.outcomes);
  if (options.json) jsonLine(terminal.out, { posted: tally.posted(), ...outcomes });
  else for (const text of tally.describe()) line(terminal.out, text);
  for (const text of tally.refused()) line(terminal.err, text);
  if (resumeFromLine !== undefined && (signal.aborted || tally.posted() > 0)) {
    line(terminal.err, `Interrupted. Resume with --from-line ${resumeFromLine}.`);
  }
  if (failure !== undefined) throw failure;
  signal.throwIfAborted();
  const refused = tally.refusals();
  if (refused > 0) throw new CommandError(`${refused} of ${tally.posted()} were refused.`);
  if (tally.posted() === 0) line(terminal.err, 'There was nothing to post.');
}

/** Every line would fail in the same way. */
function toWrongSecret(url: string, { answer }: Delivered): CommandError {
  return new CommandError(
    `The server at ${url} refuses the signature (401 ${answer?.title ?? ''}). Pass the server's secret with WEBHOOK_SECRETS or --secret.`,
  );
}

async function openInput(file: string): Promise<Readable> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isDirectory()) throw new Error('it is a directory');
    return handle.createReadStream();
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Counts answers by status: `stored`, `duplicate`, `erased`, or the HTTP status. */
function createTally() {
  const outcomes = new Map<string, number>();
  const refusalLines: string[] = [];
  let posted = 0;
  let refusals = 0;
  return {
    outcomes: outcomes as ReadonlyMap<string, number>,
    posted: () => posted,
    refusals: () => refusals,
    refused: () => refusalLines,
    count(at: number, { httpStatus, answer }: Delivered): void {
      const outcome = httpStatus === 200 ? String(answer?.status) : String(httpStatus);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      posted += 1;
      if (httpStatus === 200) return;
      refusals += 1;
      if (refusalLines.length >= MAX_REFUSAL_LINES) return;
      const reason = printable(`${answer?.title ?? ''}: ${answer?.detail ?? ''}`);
      refusalLines.push(`line ${at}: ${httpStatus} ${reason}`);
    },
    describe: () => table([...outcomes].map(([outcome, times]) => [outcome, grouped(times)])),
  };
}
