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
    'if (isWhole && event.position === nextPosition()) publish(event);',
    'if (isWhole && event.position > published) publish(event);',
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
    'return logState.isFresh() && logState.storable(event) === event;',
    'return true;',
  ),
  fault(
    'skip-the-gap',
    'log/tail/log-tailer.ts',
    'const span = { after: published, upTo: Math.min(known, published + MISSING_PAGE) };',
    'const span = { after: published + 1, upTo: Math.min(known, published + MISSING_PAGE) };',
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
    'this.#seen = request.after;',
    'this.#seen = request.after + 1;',
  ),
  fault(
    'lose-what-overflowed',
    'feed/catch-up-subscription.ts',
    'this.#seen = Math.max(this.#seen, (live.refused?.position ?? 0) - 1);',
    'this.#seen = Math.max(this.#seen, live.refused?.position ?? 0);',
  ),
  fault(
    'join-after-the-last-read',
    'feed/catch-up-subscription.ts',
    'return this.#live !== undefined && this.#seen >= this.#joinedAt;',
    'return this.#live !== undefined;',
  ),
  fault(
    'give-live-events-twice',
    'feed/catch-up-subscription.ts',
    'if (event.position > this.#seen && this.#matches(event)) return event;',
    'if (this.#matches(event)) return event;',
  ),
  fault(
    'keep-copies-of-erased-events',
    'feed/catch-up-subscription.ts',
    '    const [first] = this.#page;\n    this.#page = [];',
    '    const [first] = [] as StoredEvent[];',
  ),
  fault(
    'hand-out-stale-copies',
    'feed/catch-up-subscription.ts',
    'if (item === undefined || logState === undefined || logState.isFresh()) return item;',
    'if (item === undefined || logState === undefined || true) return item;',
  ),
  fault(
    'ignore-removed-events',
    'feed/catch-up-subscription.ts',
    'if (from > this.#seen) throw expired(from);',
    '',
  ),
  fault(
    'drop-the-last-of-a-page',
    'log/read/log-reader.ts',
    'if (forward) low = last ?? span.upTo;',
    'if (forward) low = last === undefined ? span.upTo : last + 1;',
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
