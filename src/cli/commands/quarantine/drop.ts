import type { Quarantine } from '../../../log/quarantine.ts';
import { CommandError } from '../../command-error.ts';
import { confirm } from '../../confirm.ts';
import { showProgress } from '../../show-progress.ts';
import { deliveries } from '../../table.ts';
import { line, type Terminal } from '../../terminal.ts';
import { withLog } from '../../with-log.ts';
import { resolveIds } from './ids.ts';
import { describeNothing } from './list.ts';

/** Maximum concurrent removals. */
const CHUNK = 32;

export interface DropOptions {
  all?: boolean;
  yes?: boolean;
  json?: boolean;
}

/**
 * Removes deliveries from quarantine permanently. Asks for confirmation, or needs `--yes` without a
 * terminal.
 */
export async function quarantineDrop(
  terminal: Terminal,
  given: string[],
  { all, yes, json }: DropOptions,
): Promise<void> {
  if (given.length > 0 === (all === true)) throw new CommandError('Give ids, or --all.');
  if (!yes && !terminal.in.isTTY) {
    throw new CommandError('No terminal for a confirmation: give --yes to drop permanently.');
  }
  const dropped: string[] = [];
  try {
    const matched = await withLog(terminal, async ({ quarantine }) => {
      // Read before the question: later deliveries are not part of the answer.
      const ids = all ? await quarantine.ids() : await resolveIds(quarantine, given);
      if (ids.length === 0) return 0;
      if (
        !yes &&
        !(await confirm(terminal, `Drop ${deliveries(ids.length)} permanently? (y/N) `))
      ) {
        throw new CommandError('Nothing was dropped.');
      }
      await drop(terminal, quarantine, ids, dropped);
      return ids.length;
    });
    if (matched === 0) line(terminal.err, describeNothing(undefined));
    else if (dropped.length < matched) line(terminal.err, 'Another process handled the rest.');
  } finally {
    if (json)
      for (const id of dropped) line(terminal.out, JSON.stringify({ id, status: 'dropped' }));
    else if (dropped.length > 0) line(terminal.out, `${deliveries(dropped.length)} dropped.`);
  }
}

/** Removes deliveries in chunks and adds the removed ones to `dropped`. */
async function drop(
  terminal: Terminal,
  quarantine: Pick<Quarantine, 'drop'>,
  ids: readonly string[],
  dropped: string[],
): Promise<void> {
  const progress = showProgress(terminal, ids.length, 'deliveries');
  try {
    for (let start = 0; start < ids.length; start += CHUNK) {
      terminal.signal.throwIfAborted();
      const chunk = ids.slice(start, start + CHUNK);
      await Promise.all(
        chunk.map(async (id) => {
          if (await quarantine.drop(id)) dropped.push(id);
        }),
      );
      progress.report(dropped.length);
    }
  } finally {
    progress.end();
  }
}
