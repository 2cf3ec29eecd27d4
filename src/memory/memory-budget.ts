import { describeLimit, type Limits } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';
import { type Account, createMemoryQueue, disconnectedError } from './memory-queue.ts';

/** The memory that one operation, or one page of a replay, holds. */
export interface OperationMemory {
  /** The viewer whose share it counts towards. */
  readonly viewer: string | undefined;
  /**
   * Reserves memory, reads, and holds the memory of the result.
   *
   * @param read receives how many bytes the result may have; a single item may be larger
   * @param sizeOf returns the memory of the result in bytes
   * @param maxBytes bytes to reserve; a page by default
   * @throws EventlineError SERVICE_UNAVAILABLE if other operations hold the memory for too long,
   * RESPONSE_TOO_LARGE if the operation would hold more than an answer may have
   */
  read<T>(
    read: (maxBytes: number) => Promise<T>,
    sizeOf: (result: T) => number,
    maxBytes?: number,
  ): Promise<T>;
  /**
   * Holds more bytes for an answer; undefined if they were free.
   * @param isComplete false if more memory will be held
   * @throws EventlineError SERVICE_UNAVAILABLE as `read`
   */
  hold(bytes: number, isComplete?: boolean): Promise<void> | undefined;
  /** Like `hold`, but returns false instead of waiting. */
  tryHold(bytes: number): boolean;
  /** No more memory will be held, so it may be reclaimed. */
  complete(): void;
  /** Sets whether the held memory is unused; unused memory is reclaimed as soon as others wait. */
  setSpare(isSpare: boolean): void;
  /** From now on reads and holds wait without a limit, since a subscription loses no event. */
  waitForever(): void;
  /** Releases all held memory. Waiting reads are rejected. */
  release(): void;
  /**
   * Releases all held memory for the last time: the answer was sent, or its client has gone. Further
   * reads and holds are rejected, since nothing would release their memory.
   */
  end(): void;
}

export interface MemoryOwner {
  /** The key of the viewer, whose operations share a part of the memory. */
  viewer: string | undefined;
  /**
   * Called when others wait and the held memory has been complete for 5 seconds: a page that its
   * reader does not take, or an answer that its client does not read. It must lead to `release`.
   */
  reclaim?: (() => void) | undefined;
}

/** The memory that all queries and replays of the process share. */
export interface MemoryBudget {
  open(owner?: MemoryOwner): OperationMemory;
  heldBytes(): number;
  /** True while an operation waits for memory. */
  isScarce(): boolean;
}

type BudgetLimits = Pick<Limits, 'maxPageBytes' | 'maxAnswerBytes' | 'maxAnsweringBytes'>;

/** Creates the budget. memory-queue.ts decides who waits. */
export function createMemoryBudget(limits: BudgetLimits): MemoryBudget {
  const queue = createMemoryQueue(limits.maxAnsweringBytes, () => busy(limits));
  const shared = { queue, limits };
  return {
    open: (owner = { viewer: undefined }) => new BudgetedMemory(owner, shared),
    heldBytes: queue.heldBytes,
    isScarce: queue.isScarce,
  };
}

interface Shared {
  queue: ReturnType<typeof createMemoryQueue>;
  limits: BudgetLimits;
}

/** A class: each subscription has one, and closures would take several times the memory. */
class BudgetedMemory implements OperationMemory {
  readonly #owner: MemoryOwner;
  readonly #shared: Shared;
  #account: Account;
  #isPatient = false;
  #hasEnded = false;

  constructor(owner: MemoryOwner, shared: Shared) {
    this.#owner = owner;
    this.#shared = shared;
    this.#account = this.#open();
  }

  get viewer(): string | undefined {
    return this.#owner.viewer;
  }

  async read<T>(
    read: (maxBytes: number) => Promise<T>,
    sizeOf: (result: T) => number,
    maxBytes = this.#shared.limits.maxPageBytes,
  ): Promise<T> {
    if (this.#hasEnded) throw disconnectedError();
    const { queue, limits } = this.#shared;
    const own = this.#account;
    await queue.reserve(own, maxBytes, this.#isPatient);
    try {
      const result = await read(maxBytes);
      if (own !== this.#account) return result;
      const bytes = sizeOf(result);
      // A single item may be larger, so that a client can always continue.
      if (own.heldBytes > 0 && own.heldBytes + bytes > limits.maxAnswerBytes) {
        throw tooLarge(limits);
      }
      queue.keep(own, bytes);
      return result;
    } finally {
      queue.unreserve(own, maxBytes);
      queue.serve();
    }
  }

  hold(bytes: number, isComplete = true): Promise<void> | undefined {
    if (this.#hasEnded) return Promise.reject(disconnectedError());
    const { queue } = this.#shared;
    const own = this.#account;
    const settle = () => {
      queue.unreserve(own, bytes);
      if (own === this.#account) this.#keep(bytes, isComplete);
    };
    const reserved = queue.reserve(own, bytes, this.#isPatient);
    if (reserved) return reserved.then(settle);
    settle();
    return undefined;
  }

  tryHold(bytes: number): boolean {
    if (this.#hasEnded || !this.#shared.queue.isFree(this.#account, bytes)) return false;
    this.#keep(bytes, true);
    return true;
  }

  complete(): void {
    this.#account.completeSinceMs = performance.now();
  }

  setSpare(isSpare: boolean): void {
    this.#shared.queue.setSpare(this.#account, isSpare);
  }

  waitForever(): void {
    this.#isPatient = true;
  }

  release(): void {
    const own = this.#account;
    if (own.heldBytes === 0 && own.reading === 0 && own.waiting === 0) return;
    this.#account = this.#open();
    this.#shared.queue.close(own);
  }

  end(): void {
    this.#hasEnded = true;
    this.release();
  }

  #open(): Account {
    return this.#shared.queue.open(this.#owner.viewer, this.#owner.reclaim);
  }

  #keep(bytes: number, isComplete: boolean): void {
    this.#shared.queue.keep(this.#account, bytes);
    if (isComplete) this.complete();
  }
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
    `Other answers use the memory for answers, of which a viewer may use half: ${describeLimit(limits, 'maxAnsweringBytes')} bytes. Try again shortly.`,
  );
}
