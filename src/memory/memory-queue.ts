import { EventlineError } from '../errors.ts';

/** Maximum wait for memory, in milliseconds. */
const WAIT_MS = 10_000;
/** How long complete results may be held while others wait, in milliseconds. */
const RECLAIM_MS = 5_000;
/** Interval between checks for such results, in milliseconds. */
const CHECK_MS = 500;
/** Maximum share of the memory for one viewer. */
const SHARE_OF_VIEWER = 1 / 2;

/** Memory of one viewer over all operations: held and requested. */
interface Share {
  bytes: number;
  waiting: number;
  /** Accounts of the viewer that hold memory, oldest first. */
  holders: Set<Account>;
}

export interface Account {
  readonly viewer: string | undefined;
  readonly reclaim: (() => void) | undefined;
  heldBytes: number;
  /** Number of reservations in use, and number of requested ones. */
  reading: number;
  waiting: number;
  /** When its last part was read, on the monotonic clock; undefined while more may follow. */
  completeSinceMs: number | undefined;
}

interface Waiting {
  account: Account;
  bytes: number;
  grant: () => void;
  fail: (error: Error) => void;
}

/**
 * Creates accounts for a number of bytes, and their queue. Accounts are served in order of request.
 * A viewer holds at most half, and above that only waits for own operations. The account that has
 * held memory for the longest may always continue, with one read at a time; otherwise operations
 * could wait for each other forever.
 *
 * While accounts wait, those that have been complete for `RECLAIM_MS` are reclaimed, largest first.
 *
 * @param busy creates the error of an account that has waited for too long
 */
export function createMemoryQueue(maxBytes: number, busy: () => Error) {
  const maxShareBytes = maxBytes * SHARE_OF_VIEWER;
  const waiting = new Set<Waiting>();
  const shares = new Map<string, Share>();
  const holders = new Set<Account>();
  /** Unused accounts, which are reclaimed as soon as another one waits. */
  const spare = new Set<Account>();
  let totalBytes = 0;
  /** True if the first waiting account waits for memory of other viewers. */
  let isBlocked = false;
  let isCheckScheduled = false;

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

  /** Returns true if the memory is free and no earlier request waits for it. */
  function isFree(account: Account, bytes: number): boolean {
    if (isOldest(account, holders)) return true;
    const isFirst = !isBlocked && (shareOf(account)?.waiting ?? 0) === 0;
    return isFirst && fitsTotal(bytes) && fitsShare(account, bytes);
  }

  /** Changes a viewer's held and requested memory. */
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
    if (waiting.size === 0 || isCheckScheduled) return;
    isCheckScheduled = true;
    setTimeout(reclaim, CHECK_MS).unref();
  }

  function reclaim(): void {
    isCheckScheduled = false;
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
        account,
        bytes,
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
      viewer,
      reclaim,
      heldBytes: 0,
      reading: 0,
      waiting: 0,
      completeSinceMs: undefined,
    }),
    /**
     * Reserves bytes; undefined if they are free.
     * @throws the error of `busy` after `WAIT_MS`, unless `isPatient`
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
    /** Releases an account's held and requested memory. */
    close(account: Account): void {
      for (const entry of waiting) {
        if (entry.account === account) entry.fail(disconnectedError());
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

/** The client has disconnected, so this error is not sent. */
export function disconnectedError(): EventlineError {
  return new EventlineError('SERVICE_UNAVAILABLE', 'The client no longer waits for an answer.');
}
