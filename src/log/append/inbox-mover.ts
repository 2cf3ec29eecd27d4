import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
import { watchInserts } from '../../storage/change-stream.ts';
import { DURABLE } from '../../storage/concerns.ts';
import type { InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import type { Appender } from './appender.ts';
import type { Clock } from './clock.ts';
import { fromInboxDocument, isInboxDocument, originalDigest } from './inbox-document.ts';
import { stepMove, toFault, toOutcome } from './move-step.ts';
import type { EntryOptions, InboxMover } from './types.ts';

/** Maximum entries being moved at once, and their maximum bytes. */
const MAX_IN_FLIGHT = 2_000;
const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024;
/** Entries per read or deletion. */
const PAGE = 100;
/** Interval between listings and deletions, with and without entries, in milliseconds. */
const BUSY_MS = 1_000;
const IDLE_MS = 15_000;
/** How long notifications gather, in milliseconds. */
const GATHER_MS = 5;
/** How long after the last entry more are expected, in milliseconds. */
const USED_MS = 60_000;

export interface InboxMoverOptions {
  inbox: Collection<InboxDocument>;
  clock: Clock;
  /** Appends the event of an entry; the entry stays if the result has no position. */
  move: Appender['move'];
  /** Quarantines an event that the log can never store. @throws LogUnavailableError */
  quarantine: (event: NewEvent) => Promise<void>;
  /** Returns those of these positions that the log holds, or retention has removed. */
  findKept: (positions: readonly number[]) => Promise<ReadonlySet<number>>;
}

/** An entry that need not stay in the inbox. */
interface Done {
  /** When it is to be deleted, in milliseconds. */
  dueMs: number;
  /** Of its event in the log; undefined if it was quarantined, or its user erased. */
  position?: number | undefined;
}

/**
 * Starts to move entries: those from the change stream in order of insertion, those from a listing
 * in order of reception. An entry is deleted some time after the log has it, if the log still has it
 * then: a restore may take the event back, and the entry may then be all that is left.
 */
export function startInboxMover(options: InboxMoverOptions): InboxMover {
  const { inbox, clock, move, quarantine, findKept } = options;
  const stop = new AbortController();
  /** The known entries; undefined while one is being moved. */
  const known = new Map<string, Done | undefined>();
  const inFlight = { entries: 0, bytes: 0 };
  /** Resolvers of callers that wait for capacity. */
  const waiting: (() => void)[] = [];
  /**
   * How often the change stream was opened; a listing only counts if it began after the last time.
   */
  let opened = 0;
  let listedSince = 0;
  let isOpen = false;
  /** Ends the pause between two listings while there are no entries. */
  let wake = new AbortController();
  let lastEntryMs = Number.NEGATIVE_INFINITY;
  let listing: Promise<void> | undefined;
  let tellCaughtUp: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => {
    tellCaughtUp = resolve;
  });

  const isCaughtUp = () => isOpen && listedSince === opened;

  /** Passes an entry to the appender; resolves when there is capacity for the next one. */
  async function add(entry: InboxDocument): Promise<void> {
    if (!isInboxDocument(entry)) return;
    const key = keyOf(entry);
    if (known.has(key) || stop.signal.aborted) return;
    if (known.size === 0) wake.abort();
    known.set(key, undefined);
    lastEntryMs = clock.nowMs();
    const event = fromInboxDocument(entry);
    const sizeBytes = sizeOf(event);
    count(1, sizeBytes);
    void moveOne(key, event, { sizeBytes, original: originalDigest(entry) }).finally(() => {
      count(-1, -sizeBytes);
      for (const tell of waiting.splice(0)) tell();
    });
    while (isFull() && !stop.signal.aborted) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function count(entries: number, bytes: number): void {
    inFlight.entries += entries;
    inFlight.bytes += bytes;
  }

  const isFull = () => inFlight.entries >= MAX_IN_FLIGHT || inFlight.bytes >= MAX_IN_FLIGHT_BYTES;

  async function moveOne(key: string, event: NewEvent, entry: EntryOptions): Promise<void> {
    let position: number | undefined;
    const outcome = await move(event, entry).then((result) => {
      ({ position } = result);
      return toOutcome(result);
    }, toFault);
    const action = stepMove(outcome);
    switch (action.kind) {
      case 'delete':
        known.set(key, { dueMs: clock.nowMs() + action.afterMs, position });
        return;
      case 'quarantine':
        // If quarantining fails, the next listing finds the entry again.
        await quarantine(event).then(
          () => known.set(key, { dueMs: clock.nowMs() }),
          () => known.delete(key),
        );
        return;
      case 'leave':
        known.delete(key);
    }
  }

  /** Finds entries that caused no notification. */
  async function list(): Promise<void> {
    const ids = await inbox.find({}, { projection: { _id: 1, receivedAt: 1 } }).toArray();
    const unknown = ids
      .filter(
        ({ _id, receivedAt }) => _id instanceof mongoose.mongo.Binary && receivedAt instanceof Date,
      )
      .filter((entry) => !known.has(keyOf(entry)))
      .sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
    for (let start = 0; start < unknown.length && !stop.signal.aborted; start += PAGE) {
      const page = unknown.slice(start, start + PAGE).map(({ _id }) => _id);
      const entries = await inbox.find({ _id: { $in: page } }).toArray();
      entries.sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
      for (const entry of entries) await add(entry);
    }
  }

  /**
   * Waits until a listing shows all that was written before the stream began. The stream begins after
   * the last write of the primary, even if no majority has that one yet. A deletion of nothing waits
   * for it. Source: MongoDB, `DocumentSourceChangeStream::getStartTimeForNewStream`; manual, "Write Concern".
   */
  async function awaitMajority(): Promise<void> {
    await inbox.deleteMany({ _id: { $in: [] } }, { writeConcern: DURABLE });
  }

  function listAgain(): void {
    if (listing !== undefined || stop.signal.aborted) return;
    const since = opened;
    const ready = since === listedSince ? Promise.resolve() : awaitMajority();
    listing = ready
      .then(list)
      .then(() => {
        listedSince = since;
        if (isCaughtUp()) tellCaughtUp();
      })
      // The next listing follows soon.
      .catch(() => undefined)
      .finally(() => {
        listing = undefined;
        // The stream was reopened during the listing, so an entry may be in neither.
        if (isOpen && since !== opened) listAgain();
      });
  }

  async function deleteMoved(): Promise<void> {
    const nowMs = clock.nowMs();
    const due = [...known].flatMap(([key, done]) =>
      done !== undefined && done.dueMs <= nowMs ? { key, position: done.position } : [],
    );
    for (let start = 0; start < due.length; start += PAGE) {
      const page = due.slice(start, start + PAGE);
      const kept = await findKept(page.flatMap(({ position }) => position ?? []));
      const lost = page.filter(({ position }) => position !== undefined && !kept.has(position));
      // The next listing finds them again.
      for (const { key } of lost) known.delete(key);
      const keys = page.filter((one) => !lost.includes(one)).map(({ key }) => key);
      const ids = keys.map((key) => new mongoose.mongo.Binary(Buffer.from(key, 'base64')));
      await inbox.deleteMany({ _id: { $in: ids } }, { writeConcern: DURABLE });
      for (const key of keys) known.delete(key);
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const isBusy = known.size > 0 || !isCaughtUp();
      wake = new AbortController();
      await clock.wait(isBusy ? BUSY_MS : IDLE_MS, isBusy ? stop.signal : wake.signal);
      if (stop.signal.aborted) return;
      if (!isBusy && wake.signal.aborted) continue;
      // A failed deletion is retried.
      await deleteMoved().catch(() => undefined);
      listAgain();
    }
  }

  const watcher = watchInserts(inbox, {
    onInsert: add,
    onOpen() {
      isOpen = true;
      opened += 1;
      listAgain();
    },
    onLost() {
      isOpen = false;
    },
    gatherMs: () => GATHER_MS,
  });
  const running = run();

  return {
    isCaughtUp,
    isUsed: () => clock.nowMs() - lastEntryMs < USED_MS,
    caughtUp,
    onNewPrimary: watcher.reopen,
    async drain(timeoutMs) {
      const over = new AbortController();
      const late = clock.wait(timeoutMs, over.signal);
      const moved = list().then(async () => {
        while (inFlight.entries > 0 && !over.signal.aborted) {
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      });
      await Promise.race([moved.catch(() => undefined), late]);
      over.abort();
    },
    async stop() {
      stop.abort();
      wake.abort();
      for (const tell of waiting.splice(0)) tell();
      tellCaughtUp();
      await Promise.all([watcher.close(), running, listing]);
    },
  };
}

function keyOf({ _id }: Pick<InboxDocument, '_id'>): string {
  return Buffer.from(_id.buffer).toString('base64');
}
