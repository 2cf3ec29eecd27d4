import { onTestFinished } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import {
  createProjections,
  type Projections,
  type ProjectionsOptions,
} from '../../src/projections/projections.ts';

/**
 * Opens the projections of a log, closed when the test has finished. Call it after opening the log.
 */
export function openViews(log: Log, options: Partial<ProjectionsOptions> = {}): Projections {
  const views = createProjections({ log, ...options });
  onTestFinished(() => views.close());
  return views;
}
