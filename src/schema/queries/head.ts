import { builder } from '../builder.ts';
import { CURSOR_EXAMPLE, withExample } from '../with-example.ts';

builder.queryField('head', (t) =>
  t.string({
    description: withExample(
      "The log's latest cursor, also for an empty log. A subscription with it as `after` delivers all later events, even if it connects later.",
      CURSOR_EXAMPLE,
    ),
    resolve: (_, __, { log }) => log.cursors.encode(log.tailer.head()),
  }),
);
