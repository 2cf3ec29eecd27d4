import { fault, type PlantedFault } from './planted-fault.ts';

/** Faults on the way from the log to subscribers. */
export const deliveryFaults: readonly PlantedFault[] = [
  fault(
    'publish-out-of-order',
    'log/tail/log-tailer.ts',
    '          if (event.position === nextPosition()) publish(event);',
    '          publish(event);',
  ),
  fault(
    'publish-own-events-early',
    'log/tail/log-tailer.ts',
    'if (!isErased && event.position === nextPosition()) publish(event);',
    'if (!isErased && event.position > published) publish(event);',
  ),
  fault(
    'publish-what-was-published',
    'log/tail/log-tailer.ts',
    'if (isCurrent && event.position === nextPosition()) publish(event);',
    'if (isCurrent && event.position <= nextPosition()) publish(event);',
  ),
  fault(
    'skip-to-the-event-of-a-notification',
    'log/tail/log-tailer.ts',
    'if (isCurrent && event.position === nextPosition()) publish(event);',
    'if (isCurrent && event.position > published) publish(event);',
  ),
  fault(
    'publish-what-an-erasure-changed',
    'log/tail/log-tailer.ts',
    'const isCurrent = !erasures || (erasures.isFresh() && erasures.storable(event) === event);',
    'const isCurrent = true;',
  ),
  fault(
    'skip-the-gap',
    'log/tail/log-tailer.ts',
    'const span = { after: published, upTo: Math.min(known, published + GAP_PAGE) };',
    'const span = { after: published + 1, upTo: Math.min(known, published + GAP_PAGE) };',
  ),
  fault(
    'forget-the-last-of-a-turn',
    'log/tail/log-tailer.ts',
    'for (const [index, event] of events.entries()) onEvent(event, index < events.length - 1);',
    'for (const [index, event] of events.entries()) onEvent(event, index <= events.length - 1);',
  ),
  fault(
    'resume-one-too-late',
    'feed/catch-up-subscription.ts',
    '  let seen = after;',
    '  let seen = after + 1;',
  ),
  fault(
    'lose-what-overflowed',
    'feed/catch-up-subscription.ts',
    'seen = Math.max(seen, (queue.refused()?.position ?? 0) - 1);',
    'seen = Math.max(seen, queue.refused()?.position ?? 0);',
  ),
  fault(
    'join-after-the-last-read',
    'feed/catch-up-subscription.ts',
    'const isCaughtUp = () => live !== undefined && seen >= joinedAt;',
    'const isCaughtUp = () => live !== undefined;',
  ),
  fault(
    'give-live-events-twice',
    'feed/catch-up-subscription.ts',
    'const isUnseenMatch = (event: StoredEvent) => event.position > seen && matches(event);',
    'const isUnseenMatch = (event: StoredEvent) => matches(event);',
  ),
  fault(
    'keep-copies-of-erased-events',
    'feed/catch-up-subscription.ts',
    '    const [first] = page;\n    page = [];',
    '    const [first] = [] as StoredEvent[];',
  ),
  fault(
    'hand-out-stale-copies',
    'feed/catch-up-subscription.ts',
    '      if (!isFresh()) {\n        await awaitFresh();\n        continue;\n      }',
    '',
  ),
  fault(
    'ignore-removed-events',
    'feed/catch-up-subscription.ts',
    'if (from > seen) throw expired(from);',
    '',
  ),
  fault(
    'drop-the-last-of-a-page',
    'log/read/log-reader.ts',
    'if (forward) low = last ?? span.upTo;',
    'if (forward) low = last === undefined ? span.upTo : last + 1;',
  ),
  fault(
    'read-before-the-majority',
    'log/read/log-reader.ts',
    "batchSize: limit,\n        readConcern: { level: 'majority' },",
    "batchSize: limit,\n        readConcern: { level: 'local' },",
  ),
  fault(
    'refuse-cursors-that-an-election-hides',
    'log/log.ts',
    'if (await mapDatabaseError(isInLog(collection, position))) return position;',
    '',
  ),
  fault(
    'forget-removed-cursors',
    'log/log.ts',
    'if (position < removedUpTo) throw expired(removedUpTo);',
    'if (position <= removedUpTo + 3) throw expired(removedUpTo);',
  ),
];
