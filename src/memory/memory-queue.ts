import { EventlineError } from '../errors.ts';

/** How long an operation waits for memory, in milliseconds. */
const WAIT_MS = 10_000;
/** How long what is complete may be held while others wait, in milliseconds. */
const RECLAIM_MS = 5_000;
/** Interval of looking for it, in milliseconds. */
const LOOK_MS = 500;
/** The part of the memory that one viewer may hold. */
const SHARE_OF_VIEWER = 1 / 2;

/** What one viewer holds and asks for, over all operations. */
interface Share {
  bytes: number;
  waiting: number;
  /** Accounts of the viewer that hold memory, in the order in which they began to. */
  holders: Set<Account>;
}

export interface Account {
  readonly viewer: string | undefined;
  readonly reclaim: (() => void) | undefined;
  heldBytes: number;
  /** How many reservations are in use, and how many are asked for. */
  reading: number;
  waiting: number;
  /** When the last of it was read, by the monotonic clock; undefined while there may be more. */
  completeSinceMs: number | undefined;
}

interface Waiting {
  account: Account;
  bytes: number;
  grant: () => void;
  fail: (error: Error) => void;
}

/**
 * Creates the accounts of a number of bytes, and the queue for them. Accounts are served in the order
 * of asking. A viewer holds at most half, and beyond that waits for their own operations only. The
 * account that has held memory for the longest may always go on, with one read at a time: operations
 * that wait for each other's memory would never end.
 *
 * While accounts wait, those that have been complete for `RECLAIM_MS` are reclaimed, the largest
 * first.
 *
 * @param busy makes the error of an account that has waited for too long
 */
export function createMemoryQueue(maxBytes: number, busy: () => Error) {
  const maxShareBytes = maxBytes * SHARE_OF_VIEWER;
  const waiting = new Set<Waiting>();
  const shares = new Map<string, Share>();
  const holders = new Set<Account>();
  /** Accounts that nobody uses now: they are reclaimed as soon as another waits. */
  const spare = new Set<Account>();
  let totalBytes = 0;
  /** The first of those that wait does not wait for its own viewer. */
  let isBlocked = false;
  let isLooking = false;

  const shareOf = ({ viewer }: Account) => (viewer === undefined ? undefined : shares.get(viewer));
  const isOldest = (account: Account, among: ReadonlySet<Account>) => {
    const [oldest] = among;
    return oldest === account && account.reading === 0;
  };
  const fitsTotal = (bytes: number) => totalBytes === 0 || totalBytes + bytes <= maxBytes;

  function fitsShare(account: Account, bytes: number): boolean {
    const share = shareOf(account);
    if (share === undefined || share.bytes === 0) return true;
    return share.bytes + bytes <= maxShareBytes || isOldest(account, share.holders);
  }

  /** Free at once, with nobody before it in the queue. */
  function isFree(account: Account, bytes: number): boolean {
    if (isOldest(account, holders)) return true;
    const isFirst = !isBlocked && (shareOf(account)?.waiting ?? 0) === 0;
    return isFirst && fitsTotal(bytes) && fitsShare(account, bytes);
  }

  /** Changes what a viewer holds and asks for. */
  function change({ viewer }: Account, bytes: number, waits = 0): void {
    totalBytes += bytes;
    if (viewer === undefined) return;
    const share = shares.get(viewer) ?? { bytes: 0, waiting: 0, holders: new Set() };
    share.bytes += bytes;
    share.waiting += waits;
    if (share.bytes === 0 && share.waiting === 0) shares.delete(viewer);
    else shares.set(viewer, share);
  }

  function serve(): void {
    const blockedViewers = new Set<string | undefined>();
    isBlocked = false;
    for (const { account, bytes, grant } of waiting) {
      const { viewer } = account;
      if (isOldest(account, holders)) grant();
      else if (isBlocked || (viewer !== undefined && blockedViewers.has(viewer))) continue;
      else if (!fitsShare(account, bytes)) blockedViewers.add(viewer);
      else if (fitsTotal(bytes)) grant();
      else isBlocked = true;
    }
    if (waiting.size === 0 || isLooking) return;
    isLooking = true;
    setTimeout(reclaim, LOOK_MS).unref();
  }

  function reclaim(): void {
    isLooking = false;
    const untilMs = performance.now() - RECLAIM_MS;
    const overdue = [...holders].filter(
      ({ completeSinceMs = Number.POSITIVE_INFINITY }) => completeSinceMs <= untilMs,
    );
    for (const account of overdue.sort((a, b) => b.heldBytes - a.heldBytes)) {
      if (waiting.size > 0) account.reclaim?.();
    }
    serve();
  }

  function wait(account: Account, bytes: number, isPatient: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      function settle(): void {
        clearTimeout(timer);
        waiting.delete(entry);
        account.waiting -= 1;
        change(account, 0, -1);
      }
      const entry: Waiting = {
        ...{ account, bytes },
        grant() {
          settle();
          take(account, bytes);
          resolve();
        },
        fail(error) {
          settle();
          reject(error);
        },
      };
      const refuse = () => {
        entry.fail(busy());
        serve();
      };
      const timer = isPatient ? undefined : setTimeout(refuse, WAIT_MS);
      waiting.add(entry);
      account.waiting += 1;
      change(account, 0, 1);
      for (const unused of [...spare]) unused.reclaim?.();
      serve();
    });
  }

  function take(account: Account, bytes: number): void {
    change(account, bytes);
    account.reading += 1;
  }

  return {
    heldBytes: () => totalBytes,
    isScarce: () => waiting.size > 0,
    isFree,
    open: (viewer: string | undefined, reclaim?: () => void): Account => ({
      ...{ viewer, reclaim, heldBytes: 0, reading: 0, waiting: 0, completeSinceMs: undefined },
    }),
    /**
     * Reserves bytes; undefined if they are free.
     * @throws the error of `busy` after `WAIT_MS`, unless it is patient
     */
    reserve(account: Account, bytes: number, isPatient: boolean): Promise<void> | undefined {
      if (!isFree(account, bytes)) return wait(account, bytes, isPatient);
      take(account, bytes);
      return undefined;
    },
    unreserve(account: Account, bytes: number): void {
      change(account, -bytes);
      account.reading -= 1;
    },
    /** Counts bytes as held until `close`. */
    keep(account: Account, bytes: number): void {
      if (bytes <= 0) return;
      account.heldBytes += bytes;
      change(account, bytes);
      holders.add(account);
      shareOf(account)?.holders.add(account);
    },
    setSpare(account: Account, isSpare: boolean): void {
      if (isSpare) spare.add(account);
      else spare.delete(account);
      if (isSpare && waiting.size > 0) account.reclaim?.();
    },
    /** Gives back what an account holds and asks for. */
    close(account: Account): void {
      for (const entry of waiting) {
        if (entry.account === account) entry.fail(gone());
      }
      holders.delete(account);
      spare.delete(account);
      shareOf(account)?.holders.delete(account);
      if (account.heldBytes > 0) change(account, -account.heldBytes);
      serve();
    },
    serve,
  };
}

/** The client has gone, so nobody reads it. */
function gone(): EventlineError {
  return new EventlineError('SERVICE_UNAVAILABLE', 'The client no longer waits for an answer.');
}
