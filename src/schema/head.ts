import { builder } from './builder.ts';

builder.queryField('head', (t) =>
  t.string({
    description:
      "The log's latest cursor, also while the log is empty: a subscription that is given it as `after` misses nothing from now on, even if it connects later.",
    resolve: (_, __, { log }) => log.cursors.encode(log.follower.head()),
  }),
);
