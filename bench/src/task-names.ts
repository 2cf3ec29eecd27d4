/** All tasks, in the order in which they run. */
export const taskNames = [
  'fanout',
  'one-of-many',
  'intake',
  'instances',
  'latency',
  'replay',
  'pages',
  'memory',
  'growth',
] as const;
export type TaskName = (typeof taskNames)[number];
