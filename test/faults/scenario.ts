import type { Findings } from './findings.ts';
import type { FaultOptions } from './options.ts';
import type { Run } from './run-directory.ts';

/** What a scenario gets. */
export interface ScenarioContext {
  options: FaultOptions;
  run: Run;
  findings: Findings;
}

/** Runs and checks; resolves with figures for one line. What it throws is a failure of its own. */
export type RunScenario = (context: ScenarioContext) => Promise<object>;
