import { declareRestored } from '../../log/declare-restored.ts';
import { openStorage } from '../../storage/open-storage.ts';
import { CommandError } from '../command-error.ts';
import { confirm } from '../confirm.ts';
import { openDatabase } from '../open-database.ts';
import { line, type Terminal } from '../terminal.ts';

export interface RestoredOptions {
  skip: number;
  yes?: boolean;
  json?: boolean;
}

/**
 * Declares that the database was restored from a backup, so that no position assigned after the
 * backup is assigned again.
 *
 * @throws CommandError without confirmation, or if `skip` exceeds the largest position;
 * LogUnavailableError
 */
export async function restored(
  terminal: Terminal,
  { skip, yes, json }: RestoredOptions,
): Promise<void> {
  if (!yes && !terminal.in.isTTY) {
    throw new CommandError('No terminal for a confirmation: give --yes.');
  }
  const database = await openDatabase(terminal);
  try {
    const { collections, close } = await openStorage(database.uri);
    try {
      const question = `Skip ${skip} positions of this log permanently? (y/N) `;
      if (!yes && !(await confirm(terminal, question))) {
        throw new CommandError('Nothing was changed.');
      }
      line(
        terminal.err,
        'The log is closed to writes; waiting 15 s until every server has noticed …',
      );
      const { signal } = terminal;
      const { head, upTo } = await declareRestored(collections, { skip, signal });
      if (json) return line(terminal.out, JSON.stringify({ head, next: upTo + 1 }));
      line(
        terminal.out,
        `The log ends at position ${head}. The next event gets position ${upTo + 1}; older cursors continue there.`,
      );
    } catch (error) {
      if (error instanceof RangeError) throw new CommandError(`--skip: ${error.message}.`);
      throw error;
    } finally {
      await close();
    }
  } finally {
    await database.close();
  }
}
