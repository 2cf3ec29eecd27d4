import mongoose from 'mongoose';
import type { NewEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
import { UnstorableError } from '../../errors.ts';
import type { InboxDocument } from '../../storage/documents.ts';
import type { Collection } from '../../storage/models.ts';
import { watchInserts } from '../../storage/watch-inserts.ts';
import type { Clock } from './clock.ts';
import { fromInboxDocument, isInboxDocument } from './inbox-document.ts';
import { type MoveOutcome, stepMove } from './move-step.ts';
import type { AppendResult } from './types.ts';

/** Entries that are on their way into the log at once, and their bytes. */
const MAX_UNDERWAY = 2_000;
const MAX_UNDERWAY_BYTES = 16 * 1024 * 1024;
/** How many entries are read or deleted at once. */
const PAGE = 100;
/** Between two lists and two deletions: while there are entries, and else. In milliseconds. */
const BUSY_MS = 1_000;
const IDLE_MS = 15_000;
/** How long notifications of entries gather, in milliseconds. */
const GATHER_MS = 5;
/** For how long after the last entry other ones are expected, in milliseconds. */
const USED_MS = 60_000;
const DELETE = { writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 } } as const;

export interface InboxMoverOptions {
  inbox: Collection<InboxDocument>;
  clock: Clock;
  /** Appends the event of an entry; without a position in the result the entry stays. */
  move: (event: NewEvent, sizeBytes: number) => Promise<AppendResult>;
  /** Keeps an event that the log will never take. @throws LogUnavailableError */
  quarantine: (event: NewEvent) => Promise<void>;
}

/** Moves the entries of the inbox into the log, for as long as this instance holds the lease. */
export interface InboxMover {
  /** True when every entry that was there at the start is pending here or moved. */
  isCaughtUp(): boolean;
  /** True while there are entries, and for a minute afterwards. */
  isUsed(): boolean;
  /** Resolves when it is, or was stopped. */
  readonly caughtUp: Promise<void>;
  /** Moves what is in the inbox now, for at most so long. */
  drain(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts to move entries: those of the change stream in the order of their insertion, those of a
 * list in the order of their reception. An entry is deleted once the log has had it for a while.
 */
export function startInboxMover(options: InboxMoverOptions): InboxMover {
  const { inbox, clock, move, quarantine } = options;
  const stop = new AbortController();
  /** When each known entry is to be deleted; undefined while it is under way. */
  const known = new Map<string, number | undefined>();
  const underway = { entries: 0, bytes: 0 };
  /** Those who wait until there is room for their entry. */
  const waiting: (() => void)[] = [];
  /** How often the change stream was opened; the list that counts began after the last time. */
  let opened = 0;
  let listedSince = 0;
  let isOpen = false;
  /** Ends the pause between two lists while there are no entries. */
  let wake = new AbortController();
  let lastEntryMs = Number.NEGATIVE_INFINITY;
  let listing: Promise<void> | undefined;
  let tellCaughtUp: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => {
    tellCaughtUp = resolve;
  });

  const isCaughtUp = () => isOpen && listedSince === opened;

  /** Gives an entry to the appender; resolves when there is room for the next one. */
  async function add(entry: InboxDocument): Promise<void> {
    if (!isInboxDocument(entry)) return;
    const key = keyOf(entry);
    if (known.has(key) || stop.signal.aborted) return;
    if (known.size === 0) wake.abort();
    known.set(key, undefined);
    lastEntryMs = clock.nowMs();
    const event = fromInboxDocument(entry);
    const bytes = sizeOf(event);
    count(1, bytes);
    void moveOne(key, event, bytes).finally(() => {
      count(-1, -bytes);
      for (const tell of waiting.splice(0)) tell();
    });
    while (isFull() && !stop.signal.aborted) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  function count(entries: number, bytes: number): void {
    underway.entries += entries;
    underway.bytes += bytes;
  }

  const isFull = () => underway.entries >= MAX_UNDERWAY || underway.bytes >= MAX_UNDERWAY_BYTES;

  async function moveOne(key: string, event: NewEvent, sizeBytes: number): Promise<void> {
    const action = stepMove(await move(event, sizeBytes).then(toOutcome, toFault));
    switch (action.kind) {
      case 'delete':
        known.set(key, clock.nowMs() + action.afterMs);
        return;
      case 'quarantine':
        // If it cannot be kept now, the next list brings it again.
        await quarantine(event).then(
          () => known.set(key, clock.nowMs()),
          () => known.delete(key),
        );
        return;
      case 'leave':
        known.delete(key);
    }
  }

  /** Finds the entries that no notification told of. */
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

  function listAgain(): void {
    if (listing !== undefined || stop.signal.aborted) return;
    const since = opened;
    listing = list()
      .then(() => {
        listedSince = since;
        if (isCaughtUp()) tellCaughtUp();
      })
      // The next one is due in a moment.
      .catch(() => undefined)
      .finally(() => {
        listing = undefined;
        // It was opened meanwhile: what came before that may be in neither.
        if (isOpen && since !== opened) listAgain();
      });
  }

  async function deleteMoved(): Promise<void> {
    const nowMs = clock.nowMs();
    const due = [...known].flatMap(([key, atMs]) =>
      atMs !== undefined && atMs <= nowMs ? key : [],
    );
    for (let start = 0; start < due.length; start += PAGE) {
      const keys = due.slice(start, start + PAGE);
      const ids = keys.map((key) => new mongoose.mongo.Binary(Buffer.from(key, 'base64')));
      await inbox.deleteMany({ _id: { $in: ids } }, DELETE);
      for (const key of keys) known.delete(key);
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const isBusy = known.size > 0 || !isCaughtUp();
      wake = new AbortController();
      await clock.wait(
        isBusy ? BUSY_MS : IDLE_MS,
        isBusy ? stop.signal : AbortSignal.any([wake.signal, stop.signal]),
      );
      if (stop.signal.aborted) return;
      if (!isBusy && wake.signal.aborted) continue;
      // What could not be deleted is tried again.
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
    async drain(timeoutMs) {
      const over = new AbortController();
      const late = clock.wait(timeoutMs, over.signal);
      const moved = list().then(async () => {
        while (underway.entries > 0 && !over.signal.aborted) {
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      });
      await Promise.race([moved.catch(() => undefined), late]);
      over.abort();
    },
    async stop() {
      stop.abort();
      for (const tell of waiting.splice(0)) tell();
      tellCaughtUp();
      await Promise.all([watcher.close(), running, listing]);
    },
  };
}

function keyOf({ _id }: Pick<InboxDocument, '_id'>): string {
  return Buffer.from(_id.buffer).toString('base64');
}

function toOutcome({ status, position }: AppendResult): MoveOutcome {
  if (status === 'erased') return 'erased';
  return position === undefined ? 'open' : 'in-log';
}

function toFault(error: unknown): MoveOutcome {
  return error instanceof UnstorableError ? 'refused' : 'open';
}
