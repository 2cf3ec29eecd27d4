import { readFile } from 'node:fs/promises';

/** Microseconds per clock tick in `/proc`: USER_HZ is 100 on Linux (man 5 proc). */
const TICK_MICROS = 10_000;

/**
 * Returns the CPU time of a process without a probe, such as the database, in microseconds;
 * undefined without `/proc` or without such a process.
 */
export async function processCpuMicros(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The program's name, in parentheses, may contain spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}
