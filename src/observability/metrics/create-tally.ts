/**
 * Plain numbers for events on the hot path (100,000 a second): incremented in place and read when
 * metrics are scraped.
 */
export interface Tally {
  /** Results delivered to subscriptions; shared: the text of one execution for many. */
  delivered: { webSocketShared: number; webSocketOwn: number; sseShared: number; sseOwn: number };
  /** Executions for these results. */
  executed: { shared: number; own: number };
}

/** Creates a tally of zeros. */
export function createTally(): Tally {
  return {
    delivered: { webSocketShared: 0, webSocketOwn: 0, sseShared: 0, sseOwn: 0 },
    executed: { shared: 0, own: 0 },
  };
}
