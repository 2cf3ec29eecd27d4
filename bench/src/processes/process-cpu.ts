import { readFile } from 'node:fs/promises';

/** Microseconds of a tick of `/proc`: USER_HZ is 100 on every Linux (man 5 proc). */
const TICK_MICROS = 10_000;

/**
 * The processor time of a process that cannot be asked, as the database, in microseconds;
 * undefined where there is no `/proc`, or no such process.
 */
export async function processCpuMicros(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name of the program, in brackets, may hold spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}
