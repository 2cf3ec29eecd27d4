import { problems } from '../../../webhook/answers.ts';
import { shortTime, table } from '../../table.ts';
import { jsonLine, line, type Terminal } from '../../terminal.ts';
import { withLog } from '../../with-log.ts';
import { shortener } from './ids.ts';

export interface ListOptions {
  problem?: string;
  limit: number;
  json?: boolean;
}

/** Prints the quarantined deliveries, newest first, without their bodies. */
export async function quarantineList(terminal: Terminal, options: ListOptions): Promise<void> {
  const { problem, limit, json } = options;
  const { found, short } = await withLog(terminal, async ({ quarantine }) => ({
    found: await quarantine.list({ problem, limit: limit + 1 }),
    short: shortener(json ? [] : await quarantine.ids()),
  }));
  const shown = found.slice(0, limit);
  if (shown.length === 0) return line(terminal.err, describeNothing(problem));
  if (json) {
    for (const facts of shown) jsonLine(terminal.out, facts);
  } else {
    const rows = shown.map(({ id, problem, detail, firstAt, lastAt, count, bytes }) => [
      ...[short(id), shortTime(firstAt), shortTime(lastAt)],
      ...[String(count), String(bytes), problem, detail],
    ]);
    const head = ['ID', 'FIRST', 'LAST', 'TIMES', 'BYTES', 'PROBLEM', 'DETAIL'];
    for (const text of table([head, ...rows])) line(terminal.out, text);
  }
  if (found.length > limit) line(terminal.err, 'There are more: use --limit.');
}

/** Describes an empty result; a misspelled problem is its most likely cause. */
export function describeNothing(problem: string | undefined): string {
  if (problem === undefined) return 'The quarantine is empty.';
  const kept = Object.entries(problems).flatMap(([name, { kept }]) => (kept ? [name] : []));
  return `No delivery with the problem ${problem} is in quarantine. Possible problems: ${kept.join(', ')}.`;
}
