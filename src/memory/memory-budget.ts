import { describeLimit, type Limits } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';

/** How long an operation waits for memory, in milliseconds. */
const WAIT_MS = 10_000;

/** The memory that one operation holds until its answer is sent. */
export interface OperationMemory {
  /**
   * Reads with memory reserved before, and holds what was read.
   *
   * @param read gets how many bytes it may bring; a single item may be larger
   * @param sizeOf the bytes of memory of the result
   * @throws EventlineError SERVICE_UNAVAILABLE if other operations hold the memory for too long,
   *   RESPONSE_TOO_LARGE if the operation would hold more than an answer may have
   */
  read<T>(read: (maxBytes: number) => Promise<T>, sizeOf: (result: T) => number): Promise<T>;
  /** Holds so many bytes more; undefined if they were free. @throws EventlineError as `read` */
  hold(bytes: number): Promise<void> | undefined;
  /** Gives back all that is held. */
  release(): void;
}

/** The memory that the answers of all operations of the process share. */
export interface MemoryBudget {
  open(): OperationMemory;
  heldBytes(): number;
}

interface Account {
  heldBytes: number;
  /** How many reservations are in use. */
  reading: number;
}

interface Waiting {
  account: Account;
  bytes: number;
  grant: () => void;
}

type BudgetLimits = Pick<Limits, 'maxPageBytes' | 'maxAnswerBytes' | 'maxAnsweringBytes'>;

/**
 * Creates the budget. Operations are served in the order of asking, except that the one that has held
 * memory for the longest may always go on, with one read at a time: operations that wait for each
 * other's memory would never end.
 */
export function createMemoryBudget(limits: Partial<BudgetLimits> & BudgetLimits): MemoryBudget {
  const { maxPageBytes, maxAnswerBytes, maxAnsweringBytes } = limits;
  const waiting = new Set<Waiting>();
  /** In the order in which they began to hold memory. */
  const holders = new Set<Account>();
  let totalBytes = 0;

  const isOldest = (account: Account) => {
    const [oldest] = holders;
    return oldest === account && account.reading === 0;
  };
  const fits = (account: Account, bytes: number) =>
    totalBytes === 0 || totalBytes + bytes <= maxAnsweringBytes || isOldest(account);

  function serve(): void {
    let isBlocked = false;
    for (const entry of waiting) {
      const { account, bytes, grant } = entry;
      if ((isBlocked && !isOldest(account)) || !fits(account, bytes)) {
        isBlocked = true;
        continue;
      }
      waiting.delete(entry);
      grant();
    }
  }

  function reserve(account: Account, bytes: number): Promise<void> | undefined {
    const take = () => {
      totalBytes += bytes;
      account.reading += 1;
    };
    if ((waiting.size === 0 || isOldest(account)) && fits(account, bytes)) {
      take();
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(entry);
        reject(busy(limits));
        serve();
      }, WAIT_MS);
      const grant = () => {
        clearTimeout(timer);
        take();
        resolve();
      };
      const entry = { account, bytes, grant };
      waiting.add(entry);
    });
  }

  function cancelReservation(account: Account, bytes: number): void {
    totalBytes -= bytes;
    account.reading -= 1;
  }

  function keep(account: Account, bytes: number): void {
    // One item alone may be larger, so that a client can always go on.
    if (account.heldBytes > 0 && account.heldBytes + bytes > maxAnswerBytes) throw tooLarge(limits);
    if (bytes <= 0) return;
    totalBytes += bytes;
    account.heldBytes += bytes;
    holders.add(account);
  }

  return {
    heldBytes: () => totalBytes,
    open() {
      let account: Account = { heldBytes: 0, reading: 0 };
      return {
        async read(read, sizeOf) {
          const own = account;
          await reserve(own, maxPageBytes);
          try {
            const result = await read(maxPageBytes);
            // Whoever has released it meanwhile does not wait for the result.
            if (own === account) keep(own, sizeOf(result));
            return result;
          } finally {
            cancelReservation(own, maxPageBytes);
            serve();
          }
        },
        hold(bytes) {
          const own = account;
          const settle = () => {
            cancelReservation(own, bytes);
            if (own !== account || bytes <= 0) return;
            totalBytes += bytes;
            own.heldBytes += bytes;
            holders.add(own);
          };
          const reserved = reserve(own, bytes);
          if (reserved) return reserved.then(settle);
          settle();
          return undefined;
        },
        release() {
          if (account.heldBytes === 0 && account.reading === 0) return;
          totalBytes -= account.heldBytes;
          holders.delete(account);
          account = { heldBytes: 0, reading: 0 };
          serve();
        },
      };
    },
  };
}

/** Describes what to do about an answer that is too large. */
export function tooLarge(limits: Pick<Limits, 'maxAnswerBytes'>): EventlineError {
  return new EventlineError(
    'RESPONSE_TOO_LARGE',
    `The answer would have more than ${describeLimit(limits, 'maxAnswerBytes')} bytes. Ask for smaller pages, fewer fields or fewer aliases.`,
  );
}

function busy(limits: Pick<Limits, 'maxAnsweringBytes'>): EventlineError {
  return new EventlineError(
    'SERVICE_UNAVAILABLE',
    `Other answers use all ${describeLimit(limits, 'maxAnsweringBytes')} bytes of memory for answers. Try again shortly.`,
  );
}
