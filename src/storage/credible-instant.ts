import { CLOCK_TOLERANCE_MS, EARLIEST_CREDIBLE } from '../catalog/credible-instant.ts';

const aheadMs = { $subtract: [{ $toLong: '$occurredOn' }, { $toLong: '$receivedAt' }] };
const isCredible = {
  $and: [{ $lte: [aheadMs, CLOCK_TOLERANCE_MS] }, { $gte: ['$occurredOn', EARLIEST_CREDIBLE] }],
};

/** The aggregation expression that equals `credibleInstant` of an event. */
export const CREDIBLE_INSTANT = { $cond: [isCredible, '$occurredOn', '$receivedAt'] };
