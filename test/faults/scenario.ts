import type { Findings } from './findings.ts';
import type { FaultOptions } from './options.ts';
import type { Run } from './run-directory.ts';

/** The input of a scenario. */
export interface ScenarioContext {
  options: FaultOptions;
  run: Run;
  findings: Findings;
}

/**
 * Runs and checks; resolves to figures for one line. A thrown error is a failure of the harness.
 */
export type RunScenario = (context: ScenarioContext) => Promise<object>;
