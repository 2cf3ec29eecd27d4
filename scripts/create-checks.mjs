import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeUnfinished, runCommand, runTests } from './run-tests.mjs';

/**
 * Returns functions that run checks one after the other, even if one fails, and count them. After
 * CHECK_LIMIT_MINUTES (120) it ends the running check and says what that waited for. `end` prints
 * the last line; with CHECK_TOTALS_FILE it adds the counts to those of the previous run.
 */
export function createChecks() {
  const scratch = mkdtempSync(join(tmpdir(), 'eventline-check-'));
  const env = { ...process.env };
  const limitMinutes = Number(env.CHECK_LIMIT_MINUTES ?? 120);
  const signal = AbortSignal.timeout(limitMinutes * 60_000);
  let passed = 0;
  let failed = 0;

  return {
    scratch,

    /** Runs a command, and returns whether it succeeded. */
    run: (...command) => runCommand(command, { signal, env }),

    /** Runs one check, which passes if `isOk` returns true. */
    async check(name, isOk) {
      if (signal.aborted) return;
      console.log(`\n── ${name}`);
      const startedMs = performance.now();
      const ok = await isOk();
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      console.log(`${ok ? 'ok' : 'FAILED'}: ${name} (${seconds} s)`);
      if (ok) passed += 1;
      else failed += 1;
      if (!signal.aborted) return;
      console.log(`Ended after ${limitMinutes} minutes (CHECK_LIMIT_MINUTES), in: ${name}`);
    },

    /** Runs Vitest, and counts test by test. */
    async tests(...command) {
      const progressFile = join(scratch, 'progress.json');
      const result = await runTests(command, { progressFile, signal, env });
      passed += result.passed;
      failed += result.failed.length;
      if (signal.aborted) console.log(`\n${describeUnfinished(result)}`);
      return result.ok;
    },

    /** Settings of an Eventline in use must not reach the tests. Needs a build. */
    async removeSettings() {
      if (!existsSync('dist/config/settings.js')) return;
      const { settings, limitSettings } = await import('../dist/config/settings.js');
      const names = new Set([...settings, ...limitSettings].map(({ name }) => name));
      for (const name of Object.keys(env)) {
        if (names.has(name) || name === 'NODE_ENV' || name.startsWith('OTEL_')) delete env[name];
      }
    },

    end() {
      rmSync(scratch, { recursive: true, force: true });
      const isOk = failed === 0 && !signal.aborted;
      const { CHECK_TOTALS_FILE: file } = process.env;
      if (file) {
        const before = readFileSync(file, 'utf8') || '[0, 0]';
        const [passedBefore, failedBefore] = JSON.parse(before);
        passed += passedBefore;
        failed += failedBefore;
        writeFileSync(file, JSON.stringify([passed, failed]));
      }
      console.log(`\n${passed} passed, ${failed} failed`);
      process.exitCode = isOk ? 0 : 1;
    },
  };
}
