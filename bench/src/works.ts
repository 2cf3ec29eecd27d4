/** What can be measured, in the order in which all are. */
export const workNames = [
  'fanout',
  'one-of-many',
  'intake',
  'latency',
  'replay',
  'pages',
  'memory',
  'growth',
] as const;
export type WorkName = (typeof workNames)[number];
