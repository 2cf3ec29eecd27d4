import { CLOCK_TOLERANCE_MS } from '../catalog/credible-instant.ts';

const aheadMs = { $subtract: [{ $toLong: '$occurredOn' }, { $toLong: '$receivedAt' }] };

/** The aggregation expression that equals `credibleInstant` of an event. */
export const CREDIBLE_INSTANT = {
  $cond: [{ $gt: [aheadMs, CLOCK_TOLERANCE_MS] }, '$receivedAt', '$occurredOn'],
};
