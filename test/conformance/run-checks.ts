import type { Check, Target } from './check.ts';
import { httpChecks } from './http-checks.ts';
import { streamChecks } from './stream-checks.ts';
import { webSocketChecks } from './web-socket-checks.ts';

export interface Result {
  name: string;
  /** Absent when the check passed. */
  fault?: string;
}

const checks: readonly Check[] = [...httpChecks, ...streamChecks, ...webSocketChecks];

/**
 * Runs all checks that the target allows, one after the other.
 *
 * @param timeoutMs how long one check may take, in milliseconds
 */
export async function runChecks(target: Target, timeoutMs: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, needsEvents, run } of checks) {
    if (needsEvents && target.secret === undefined) continue;
    const fault = await faultOf(run(target), timeoutMs);
    results.push({ name, ...(fault !== undefined && { fault }) });
  }
  return results;
}

async function faultOf(run: Promise<void>, timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('there was no answer in time')), timeoutMs);
  });
  try {
    await Promise.race([run, late]);
    return undefined;
  } catch (error) {
    return String((error as Error).message);
  } finally {
    clearTimeout(timer);
  }
}
