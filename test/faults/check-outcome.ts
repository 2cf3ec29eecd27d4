import { type CheckedLog, checkLog } from './check-log.ts';
import { createReadersCheck } from './check-readers.ts';
import { finishReaders } from './finish-readers.ts';
import type { Readers } from './start-readers.ts';

type Outcome = Parameters<typeof checkLog>[0] &
  Parameters<typeof createReadersCheck>[1] & { readers: Readers; limitMs: number };

/**
 * Checks the log at the end of a scenario, waits until every reader has received its last event, and
 * checks what each has received. Returns the log.
 */
export async function checkOutcome(outcome: Outcome): Promise<CheckedLog> {
  const { readers, findings, numbers, limitMs } = outcome;
  const log = await checkLog(outcome);
  const check = createReadersCheck(log, outcome);
  const late = finishReaders(readers.all, { check, numbers, limitMs });
  // The check reports readers that are behind in detail.
  await late.catch((error: Error) => findings.add('wrong', error.message));
  await readers.stop();
  for (const reader of readers.all) check.check(reader);
  return log;
}
