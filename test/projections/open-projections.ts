import { onTestFinished } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import {
  createProjections,
  type Projections,
  type ProjectionsOptions,
} from '../../src/projections/projections.ts';

/** The views of a log, closed when the test has finished; open them behind the log. */
export function openViews(log: Log, options: Partial<ProjectionsOptions> = {}): Projections {
  const views = createProjections({ log, ...options });
  onTestFinished(() => views.close());
  return views;
}
