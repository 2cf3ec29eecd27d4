import { createLog } from '../../log/log.ts';
import { CommandError } from '../command-error.ts';
import { confirm } from '../confirm.ts';
import { openDatabase } from '../open-database.ts';
import { duration, grouped, showProgress } from '../show-progress.ts';
import { line, type Terminal } from '../terminal.ts';
import { appendDeliveries } from './seed/append-deliveries.ts';
import { makeDeliveries } from './seed/make-deliveries.ts';

const DAY_MS = 86_400_000;
/** How long an event may wait for a busy database, in milliseconds. */
const TIMEOUT_MS = 120_000;

export interface SeedOptions {
  events: number;
  users?: number;
  days: number;
  seed: number;
  /** End of the simulated days; by default the start of today (UTC). */
  until?: Date;
  rate?: number;
  yes?: boolean;
  json?: boolean;
}

/**
 * Fills a log with sample events for development, through the log's own code, so that they have
 * all properties of delivered events. The same options produce the same events, which a second run
 * recognises as duplicates; an interrupted run is therefore resumed by repeating it.
 *
 * @throws CommandError in production, or without confirmation; LogUnavailableError
 */
export async function seed(terminal: Terminal, options: SeedOptions): Promise<void> {
  const { events, days, rate, yes, json } = options;
  const { production, mongodbUri } = terminal.config();
  if (production) {
    throw new CommandError(
      'Refused in production (NODE_ENV): sample events do not belong in its log.',
    );
  }
  if (mongodbUri !== undefined && !yes) {
    if (!terminal.in.isTTY) {
      throw new CommandError('No terminal for a confirmation: give --yes.');
    }
    const question = `Append ${grouped(events)} sample events permanently to the log at MONGODB_URI? (y/N) `;
    if (!(await confirm(terminal, question))) throw new CommandError('Nothing was changed.');
  }
  const untilMs = (options.until ?? new Date()).getTime();
  const plan = {
    events,
    days,
    users: options.users ?? Math.max(10, Math.round(events / 100)),
    seed: options.seed,
    untilMs: Math.floor(untilMs / DAY_MS) * DAY_MS,
  };
  const database = await openDatabase(terminal, { create: true });
  try {
    terminal.signal.throwIfAborted();
    const log = await createLog({
      uri: database.uri,
      onEvent: () => undefined,
      timeoutMs: TIMEOUT_MS,
    });
    const startedMs = performance.now();
    const progress = showProgress(terminal, events);
    try {
      const counts = await appendDeliveries(makeDeliveries(plan), log, {
        events,
        rate,
        signal: terminal.signal,
        onProgress: ({ stored, duplicates }) => progress.report(stored + duplicates),
      });
      progress.end();
      const { stored, duplicates, unknown, refused } = counts;
      const tookMs = performance.now() - startedMs;
      if (json) line(terminal.out, JSON.stringify({ ...counts, tookMs: Math.round(tookMs) }));
      else {
        line(
          terminal.out,
          `${grouped(stored)} events stored and ${grouped(duplicates)} duplicates in ${duration(tookMs)}; ${grouped(unknown)} of them of unknown types. ${grouped(refused)} deliveries were refused and are in quarantine.`,
        );
      }
      if (terminal.signal.aborted) {
        line(
          terminal.err,
          'Interrupted before all events were stored. Run the same command again to resume.',
        );
      } else if (stored + duplicates < events) {
        throw new CommandError(
          `Only ${grouped(stored + duplicates)} events fit into this number of days and users. Increase --days or --users.`,
        );
      }
    } finally {
      progress.end();
      await log.close();
    }
  } finally {
    await database.close();
  }
  terminal.signal.throwIfAborted();
}
