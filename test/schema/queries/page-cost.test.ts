import { execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { completeLimits } from '../../../src/config/limits.ts';
import type { Span } from '../../../src/log/read/log-reader.ts';
import type { GraphqlContext } from '../../../src/schema/context.ts';
import { schema } from '../../../src/schema/schema.ts';
import { retryRejected } from '../../../src/webhook/retry-rejected.ts';
import { openFeed } from '../../feed/open-feed.ts';
import { emptyDatabase } from '../../log/open-logs.ts';
import { openViews } from '../../projections/open-projections.ts';

test('page fields that are not selected cost no query', async () => {
  const { log, feed, append } = await openFeed(await emptyDatabase());
  await append(9);
  const spans: Span[] = [];
  const contextValue: GraphqlContext = {
    viewer: { userId: null, scopes: new Set(['events:read']), expiresAtMs: Infinity },
    log: {
      ...log,
      reader: {
        ...log.reader,
        read(span, options) {
          spans.push(span);
          return log.reader.read(span, options);
        },
      },
    },
    feed,
    views: openViews(log),
    retryRejected: (ids) => retryRejected(ids, log),
    limits: completeLimits(),
  };
  const read = async (selection: string) => {
    spans.length = 0;
    const document = parse(
      `{ events(after: "${log.cursors.encode(4)}", last: 2) { ${selection} } }`,
    );
    const result = await execute({ schema, document, contextValue });
    expect(result.errors).toBeUndefined();
    return { data: result.data, spans: spans.slice() };
  };
  const page = { after: 4, upTo: 9 };
  expect((await read('reached edges { cursor }')).spans).toEqual([page]);
  expect((await read('pageInfo { hasNextPage endCursor }')).spans).toEqual([page]);
  const both = await read('pageInfo { hasNextPage hasPreviousPage }');
  expect(both.data).toEqual({
    events: { pageInfo: { hasNextPage: false, hasPreviousPage: true } },
  });
  const before = await read('pageInfo { hasPreviousPage }');
  expect(before.spans).toEqual([page]);
});
