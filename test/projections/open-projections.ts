import { onTestFinished } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { createViews, type Views, type ViewsOptions } from '../../src/projections/projections.ts';

/** The views of a log, closed when the test has finished; open them behind the log. */
export function openViews(log: Log, options: Partial<ViewsOptions> = {}): Views {
  const views = createViews({ log, ...options });
  onTestFinished(() => views.close());
  return views;
}
