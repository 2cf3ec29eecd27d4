import type { StoredEvent } from '../../catalog/event.ts';

/** State of the tailer; `error` is the reason while the database is unavailable. */
export interface LogTailerState {
  following: boolean;
  error?: unknown;
}

export interface LogTailer {
  /**
   * The last published position, or the end of a gap after it; all positions up to it are
   * majority-durable.
   */
  head(): number;
  /**
   * Returns a majority-durable position to append after: the head, or, when the database has been
   * unavailable or the caller is not sure, the current end of the log.
   * @throws LogUnavailableError while it is unavailable, LogWentBackError when it has lost the head
   */
  durableHead(isSure: boolean): Promise<number>;
  /** Reports whether the database is reachable, according to its connections. */
  onReachable(isReachable: boolean): void;
  /** Moves its change stream to the present primary. */
  onNewPrimary(): void;
  /** Takes durable events of this process directly from the appender. */
  offer(events: readonly StoredEvent[]): void;
  /**
   * Reads the end of the log and resolves with it once all events up to it are published.
   * @throws LogUnavailableError when the log cannot be read
   */
  catchUp(): Promise<number>;
  state(): LogTailerState;
  /** Number of stored positions that are not published yet, and for how long, in milliseconds. */
  lag(): { positions: number; ms: number };
  close(): Promise<void>;
}
