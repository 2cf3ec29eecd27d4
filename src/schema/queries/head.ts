import { builder } from '../builder.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';

builder.queryField('head', (t) =>
  t.string({
    description: withExample(
      "The log's latest cursor, also while the log is empty: a subscription that is given it as `after` misses nothing from now on, even if it connects later.",
      CURSOR_EXAMPLE,
    ),
    resolve: (_, __, { log }) => log.cursors.encode(log.follower.head()),
  }),
);
