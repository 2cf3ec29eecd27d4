import { toJsonLine } from '../../../catalog/json-line.ts';
import type { Quarantine } from '../../../log/quarantine.ts';
import type { EventIds } from '../../../log/read/event-ids.ts';
import { type Retried, retryRejected } from '../../../webhook/retry-rejected.ts';
import { CommandError } from '../../command-error.ts';
import { describePosition, describePositions } from '../../describe-positions.ts';
import { showProgress } from '../../show-progress.ts';
import { deliveries, table } from '../../table.ts';
import { line, type Terminal } from '../../terminal.ts';
import { withLog } from '../../with-log.ts';
import { resolveIds, shortener } from './ids.ts';
import { describeNothing } from './list.ts';

export interface RetryCommandOptions {
  all?: boolean;
  problem?: string;
  json?: boolean;
}

/**
 * Retries deliveries with the current catalog and prints the outcome of each.
 *
 * @throws CommandError when some could not be processed; they are still in quarantine
 */
export async function quarantineRetry(
  terminal: Terminal,
  given: string[],
  options: RetryCommandOptions,
): Promise<void> {
  refuseUnclear(given, options);
  const outcomes: Retried[] = [];
  let ids: string[] = [];
  let short = shortener([]);
  let globalId: EventIds['globalId'] | undefined;
  try {
    await withLog(terminal, async ({ quarantine, appender, findPosition, eventIds }) => {
      globalId = eventIds.globalId;
      ids = await select(quarantine, given, options);
      if (ids.length === 0) return;
      short = shortener(await quarantine.ids());
      line(terminal.err, `Retrying ${deliveries(ids.length)} …`);
      const { signal } = terminal;
      const retried = retryRejected(ids, { quarantine, appender, findPosition, signal });
      const progress = showProgress(terminal, ids.length, 'deliveries');
      try {
        for await (const outcome of retried)
          progress.report(outcomes.push(withoutPayload(outcome)));
      } finally {
        progress.end();
      }
    });
    if (ids.length === 0) return line(terminal.err, describeNothing(options.problem));
  } finally {
    // Also after an error: report what was done.
    if (options.json)
      for (const outcome of outcomes) line(terminal.out, toJsonLine(toJson(outcome, globalId)));
    else for (const text of toTable(outcomes, short)) line(terminal.out, text);
    if (outcomes.length > 0) line(options.json ? terminal.err : terminal.out, summarise(outcomes));
  }
  terminal.signal.throwIfAborted();
  const left = ids.length - outcomes.filter(({ status }) => status !== 'failed').length;
  if (left === 0) return;
  const reason = outcomes.find((outcome) => outcome.status === 'failed')?.error;
  throw new CommandError(
    `${deliveries(left)} could not be retried (${messageOf(reason)}). They are still in quarantine: run the command again.`,
  );
}

/** Drops the payload, which may be large: all outcomes are kept in memory until the end. */
function withoutPayload(outcome: Retried): Retried {
  if (!('event' in outcome)) return outcome;
  return { ...outcome, event: { ...outcome.event, payload: {}, extra: {} } };
}

function refuseUnclear(given: string[], { all, problem }: RetryCommandOptions): void {
  const every = all || problem !== undefined;
  if (given.length > 0 && every) {
    throw new CommandError('Give ids, or --all or --problem, not both.');
  }
  if (given.length === 0 && !every) {
    throw new CommandError('Give ids, --problem <name>, or --all.');
  }
}

/** The given deliveries, or all of them, oldest first. */
async function select(
  quarantine: Quarantine,
  given: string[],
  { problem }: RetryCommandOptions,
): Promise<string[]> {
  if (given.length > 0) return resolveIds(quarantine, given);
  const kept = await quarantine.list({ problem });
  return kept.sort((a, b) => a.firstAt.getTime() - b.firstAt.getTime()).map(({ id }) => id);
}

function toTable(outcomes: readonly Retried[], short: (id: string) => string): string[] {
  return table(outcomes.map((outcome) => [short(outcome.id), outcome.status, describe(outcome)]));
}

function describe(outcome: Retried): string {
  switch (outcome.status) {
    case 'stored':
    case 'duplicate':
      return `${describePosition(outcome.position)}  ${outcome.event.typeName}`;
    case 'refused':
      return `${outcome.problem}: ${outcome.detail}`;
    case 'erased':
      return 'not stored: its user was erased';
    case 'gone':
      return 'not in quarantine any more';
    case 'failed':
      return messageOf(outcome.error);
  }
}

function toJson(outcome: Retried, globalId?: EventIds['globalId']): string {
  const { id, status } = outcome;
  switch (outcome.status) {
    case 'stored':
    case 'duplicate': {
      const { position, event } = outcome;
      return JSON.stringify({ id, status, position, eventId: globalId?.(event) });
    }
    case 'failed':
      return JSON.stringify({ id, status, error: messageOf(outcome.error) });
    default:
      return JSON.stringify(outcome);
  }
}

function summarise(outcomes: readonly Retried[]): string {
  const count = (status: Retried['status']) =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const positions = outcomes.flatMap((outcome) =>
    outcome.status === 'stored' ? (outcome.position ?? []) : [],
  );
  const parts = [
    `${count('stored')} stored${describePositions(positions)}`,
    count('duplicate') === 1 ? '1 duplicate' : `${count('duplicate')} duplicates`,
    `${count('refused')} still refused`,
    ...(count('erased') > 0 ? [`${count('erased')} about erased users`] : []),
    ...(count('gone') > 0 ? [`${count('gone')} no longer in quarantine`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
