import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../../catalog/event.ts';
import { FORMAT_WITH_INBOX, raiseFormatVersion } from '../../storage/format-version.ts';
import type { Collections } from '../../storage/models.ts';
import { type AcceptedEvents, createAcceptedEvents } from './accepted-events.ts';
import { type Appender, type AppenderOptions, createAppender } from './appender.ts';
import { type Clock, systemClock } from './clock.ts';
import { findKept } from './find-kept.ts';
import { createInboxDepth, type InboxDepth } from './inbox-depth.ts';
import { type InboxMoverOptions, startInboxMover } from './inbox-mover.ts';
import { leaseChanges } from './telemetry.ts';
import type { InboxMover } from './types.ts';
import { createWriterLease, type TakeReason } from './writer-lease.ts';

/**
 * Maximum wait for the lease and the inbox at the start, in milliseconds; then it starts without
 * them.
 */
const START_MS = 10_000;
/** How long a stopping holder moves the inbox's entries, in milliseconds. */
const DRAIN_MS = 1_000;

export interface AppendPathOptions
  extends Omit<AppenderOptions, 'collection' | 'inbox' | 'clock' | 'target'> {
  collections: Pick<Collections, 'events' | 'inbox' | 'writer' | 'meta'>;
  /** Quarantines an event that the log can never store. @throws LogUnavailableError */
  quarantine: InboxMoverOptions['quarantine'];
  /** Calls back when another member is the primary. */
  onNewPrimary: (listener: () => void) => void;
  clock?: Clock | undefined;
  /** True if no other instance can run; an abandoned lease is then taken at once. */
  isSole?: boolean | undefined;
  maxInboxEvents?: number | undefined;
}

/** The state of the writer lease and the inbox. */
export interface WriterState {
  isHolder: boolean;
  /** How often this instance has taken the lease. */
  takeOvers: Readonly<Record<TakeReason, number>>;
  inboxEvents: number;
  inboxAgeMs: number;
}

/** The path of events into the log, directly or through the inbox. */
export interface AppendPath {
  /** Closing it also releases the writer lease. */
  readonly appender: Appender;
  readonly accepted: AcceptedEvents;
  writer(): WriterState;
}

/**
 * Opens the append path: the appender, the writer lease, and the inbox mover while this instance
 * holds the lease.
 */
export async function openAppendPath(options: AppendPathOptions): Promise<AppendPath> {
  const { collections, logState, clock = systemClock, quarantine, isSole } = options;
  const { events: collection, inbox, writer, meta } = collections;
  const takeOvers = { free: 0, expired: 0 };
  const accepted = createAcceptedEvents(clock);
  const depth: InboxDepth = createInboxDepth(inbox, { clock, maxEvents: options.maxInboxEvents });
  let mover: InboxMover | undefined;
  let stopped: Promise<void> | undefined;
  let prepared: Promise<void> | undefined;
  let isClosing = false;

  const target = {
    isHolder: () => mover !== undefined && lease.isHeld(),
    mayAppend: () => mover?.isCaughtUp() === true && lease.isHeld(),
    onRaceLost: () => lease.check(),
    isInboxFull: depth.isFull,
    isInboxUsed: () => mover?.isUsed() === true,
    prepareInbox() {
      prepared ??= raiseFormatVersion(meta, FORMAT_WITH_INBOX).catch((error) => {
        prepared = undefined;
        throw error;
      });
      return prepared;
    },
    onAccepted(events: readonly NewEvent[]) {
      accepted.add(events);
      depth.onAccepted(events.length);
    },
  };
  const appender = createAppender({ ...options, collection, inbox, clock, target });
  const lease = createWriterLease({
    writer,
    clock,
    isSole,
    self: randomUUID(),
    isWaiting: accepted.isWaiting,
    onChange(isHolder, reason) {
      if (isHolder) {
        takeOvers[reason ?? 'free'] += 1;
        // A lease that is taken while it closes is released at once.
        if (!isClosing) {
          mover = startInboxMover({
            ...{ inbox, clock, quarantine },
            move: appender.move,
            findKept: (positions) => findKept(positions, { events: collection, logState }),
          });
        }
      } else stopMover();
      leaseChanges.publish({ isHolder, ...(reason && { reason }) });
    },
  });

  options.onNewPrimary(() => mover?.onNewPrimary());

  function stopMover(): void {
    stopped = mover?.stop();
    mover = undefined;
  }

  const start = new AbortController();
  const ready = lease.settled.then(() => mover?.caughtUp);
  await Promise.race([ready, clock.wait(START_MS, start.signal)]);
  start.abort();
  return {
    appender: {
      ...appender,
      async close() {
        await appender.close();
        await mover?.drain(DRAIN_MS);
        isClosing = true;
        stopMover();
        await stopped;
        // Settles the mover's last entries.
        await appender.close();
        await Promise.all([lease.close(), depth.close()]);
      },
    },
    accepted,
    writer: () => ({
      isHolder: lease.isHeld(),
      takeOvers,
      inboxEvents: depth.events(),
      inboxAgeMs: depth.ageMs(),
    }),
  };
}
