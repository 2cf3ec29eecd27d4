/**
 * Plain numbers for what happens a hundred thousand times a second: they are added up where it
 * happens, and read when the metrics are asked for.
 */
export interface Tally {
  /** Results that were given to subscriptions. Shared: the text of one execution for many. */
  delivered: { webSocketShared: number; webSocketOwn: number; sseShared: number; sseOwn: number };
  /** Executions for that. */
  executed: { shared: number; own: number };
}

/** Makes a tally in which all is 0. */
export function createTally(): Tally {
  return {
    delivered: { webSocketShared: 0, webSocketOwn: 0, sseShared: 0, sseOwn: 0 },
    executed: { shared: 0, own: 0 },
  };
}
