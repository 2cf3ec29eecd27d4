import { EventlineError } from '../../errors.ts';
import { type Delays, percentileOf } from '../../statistics/delays.ts';
import { builder } from '../builder.ts';
import { withExample } from '../with-example.ts';

export const percentileArgs = builder.args((t) => ({
  percent: t.float({
    required: true,
    description: withExample(
      'Percentile by the nearest-rank method. Unit: percent, above 0, up to 100.',
      95,
    ),
  }),
}));

/** Returns the requested percentile. @throws EventlineError BAD_USER_INPUT */
export function percentile(delays: Delays, percent: number): number | null {
  if (!(percent > 0 && percent <= 100)) {
    throw new EventlineError(
      'BAD_USER_INPUT',
      `percent: expected above 0, up to 100, not ${percent}.`,
    );
  }
  return percentileOf(delays, percent);
}
