import type { OperationMemory } from '../../memory/memory-budget.ts';
import type { Release } from '../graphql/viewer-limits.ts';

/**
 * The resources of an operation over WebSocket, until it is executed and its result is sent. Every
 * function may be called more than once.
 *
 * A class: each subscription has one, and closures would take several times the memory.
 */
export class HeldOperation {
  readonly memory: OperationMemory;
  readonly #ended: Release;
  readonly #open: Set<HeldOperation> | undefined;
  #uncount: Release | undefined;
  #isExecuted = false;
  #isSent = false;

  /**
   * @param ended called when the execution has ended
   * @param open the operations of its connection; it removes itself when its result was sent
   */
  constructor(memory: OperationMemory, ended: Release, open?: Set<HeldOperation>) {
    this.memory = memory;
    this.#ended = ended;
    this.#open = open?.add(this);
  }

  /** Counts it as a query until it is executed and its result is sent. */
  countQuery(release: Release): void {
    this.#uncount = release;
  }

  /** Call it when the execution has ended, or will not begin. */
  executed(): void {
    this.#ended();
    this.#isExecuted = true;
    if (this.#isSent) this.#uncount?.();
  }

  /** Call it when the result was sent, or will never be. */
  sent(): void {
    this.memory.end();
    this.#isSent = true;
    if (this.#isExecuted) this.#uncount?.();
    this.#open?.delete(this);
  }

  /** Call it when nothing will be executed or sent any more. */
  end(): void {
    this.executed();
    this.sent();
  }
}
