import { CommandError } from '../../command-error.ts';
import { table } from '../../table.ts';
import { jsonLine, line, type Terminal } from '../../terminal.ts';
import { withLog } from '../../with-log.ts';
import { resolveId } from './ids.ts';

export interface ShowOptions {
  raw?: boolean;
  json?: boolean;
}

/** Prints the details of one delivery, or only its bytes, exactly as received. */
export async function quarantineShow(
  terminal: Terminal,
  given: string,
  { raw, json }: ShowOptions,
): Promise<void> {
  if (raw && json) throw new CommandError('--raw, --json: give one of them, not both.');
  const found = await withLog(terminal, async ({ quarantine }) =>
    quarantine.read(await resolveId(quarantine, given)),
  );
  if (found === undefined) throw new CommandError('This delivery is no longer in quarantine.');
  const { rawBody, ...facts } = found;
  if (raw) {
    terminal.out.write(rawBody);
    return;
  }
  if (json) return jsonLine(terminal.out, facts);
  const rows = [
    ['id', facts.id],
    ['problem', facts.problem],
    ['detail', facts.detail],
    ['first', facts.firstAt.toISOString()],
    ['last', facts.lastAt.toISOString()],
    ['times', String(facts.count)],
    ['bytes', String(facts.bytes)],
    ['body', 'not shown, since it holds personal data; --raw prints it exactly as received'],
  ];
  for (const text of table(rows)) line(terminal.out, text);
}
