import { type ExecutionResult, execute, parse, subscribe } from 'graphql';
import { expect, test } from 'vitest';
import { completeLimits } from '../../src/config/limits.ts';
import type { GraphqlContext } from '../../src/schema/context.ts';
import { schema } from '../../src/schema/schema.ts';
import { retryRejected } from '../../src/webhook/retry-rejected.ts';
import { openFeed } from '../feed/open-feed.ts';
import { newEvent } from '../log/new-event.ts';
import { emptyDatabase } from '../log/open-logs.ts';
import { openViews } from '../projections/open-projections.ts';

/** A log and a feed that ignore every filter, like a bug on any path. */
async function openForgetful() {
  const { log, feed, until } = await openFeed(await emptyDatabase());
  for (const user_id of ['own', 'other']) {
    await log.appender.append(newEvent({ user_id, secret: `of-${user_id}` }), 100);
  }
  await until(2);
  const { reader, tailer, cursors, eventIds, positionOf, placeOf, expired, eraser } = log;
  const { statistics, quarantine, hashContact, state } = log;
  const contextValue: GraphqlContext = {
    viewer: { userId: 'own', scopes: new Set(['pii:read']), expiresAtMs: Infinity },
    log: {
      tailer,
      cursors,
      eventIds,
      hashContact,
      positionOf,
      placeOf,
      expired,
      eraser,
      statistics,
      quarantine,
      state,
      reader: {
        read: (span, { filter: _, ...options }) => reader.read(span, options),
        byDigest: (digest) => reader.byDigest(digest),
      },
    },
    feed: {
      subscribe: (_, after) => feed.subscribe({}, after),
      follow: (_, after) => feed.follow({}, after),
    },
    views: openViews(log),
    retryRejected: (ids) => retryRejected(ids, log),
    limits: completeLimits(),
  };
  const ids = (await reader.read({ after: 0, upTo: 2 }, { limit: 2 })).events.map(
    eventIds.globalId,
  );
  return { contextValue, otherId: ids[1], start: cursors.encode(0) };
}

test("fields of another user's event are never resolved, on any path", async () => {
  const { contextValue, otherId, start } = await openForgetful();
  const run = (query: string) => execute({ schema, document: parse(query), contextValue });
  for (const query of [
    '{ events { edges { node { id payload } } } }',
    `{ event(id: "${otherId}") { id payload } }`,
    `{ node(id: "${otherId}") { id ... on Event { payload } } }`,
    `{ node(id: "${otherId}") { __typename } }`,
  ]) {
    const result = (await run(query)) as ExecutionResult;
    expect(JSON.stringify(result.data)).not.toContain('of-other');
    expect(JSON.stringify(result.data)).not.toContain('UnknownEvent');
    expect(result.errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
  }
  for (const field of [
    `events(after: "${start}") { id payload }`,
    `eventFeed(after: "${start}") { cursor ... on FeedEvent { event { id payload } } }`,
  ]) {
    const document = parse(`subscription { ${field} }`);
    const results = await subscribe({ schema, document, contextValue });
    if (!(Symbol.asyncIterator in results)) throw new Error('refused');
    const [own, other] = [await results.next(), await results.next()];
    expect(JSON.stringify(own.value)).toContain('of-own');
    expect(JSON.stringify(other.value)).not.toContain('of-other');
    expect(other.value?.errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
    await results.return(undefined);
  }
});
