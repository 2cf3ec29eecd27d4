import { RequestCache } from '@pothos/plugin-scope-auth';
import { parse, subscribe } from 'graphql';
import { expect, test } from 'vitest';
import { completeLimits } from '../../../src/config/limits.ts';
import { builder } from '../../../src/schema/builder.ts';
import { schema } from '../../../src/schema/schema.ts';
import { retryRejected } from '../../../src/webhook/retry-rejected.ts';
import { openFeed } from '../../feed/open-feed.ts';
import { emptyDatabase } from '../../log/open-logs.ts';
import { openViews } from '../../projections/open-projections.ts';

test('a subscription keeps no delivered event in memory', async () => {
  const { log, feed, append } = await openFeed(await emptyDatabase());
  const contextValue = {
    viewer: { userId: null, scopes: new Set(['events:read']), expiresAtMs: Infinity },
    log,
    feed,
    views: openViews(log),
    retryRejected: (ids: readonly string[]) => retryRejected(ids, log),
    limits: completeLimits(),
  };
  const document = parse('subscription { events { id } }');
  const results = await subscribe({ schema, document, contextValue });
  if (!(Symbol.asyncIterator in results)) throw new Error('refused');
  await append(50);
  for (let count = 1; count <= 50; count += 1) {
    expect((await results.next()).value?.errors).toBeUndefined();
    const { typeCache } = RequestCache.fromContext(contextValue, builder);
    const kept = [...typeCache.values()].reduce((sum, events) => sum + events.size, 0);
    expect(kept).toBe(1);
  }
  await results.return(undefined);
});
