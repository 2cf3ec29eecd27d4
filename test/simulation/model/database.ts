/** One write on the primary. */
export type Op =
  | { readonly kind: 'log'; readonly position: number; readonly event: string }
  | { readonly kind: 'in' | 'out'; readonly event: string }
  | { readonly kind: 'lease'; readonly holder: string; readonly counter: number };

/** What a snapshot of the database holds. */
export interface Snapshot {
  /** The event at each position; the index is the position, and the first one is unused. */
  readonly log: readonly (string | null)[];
  /** In the order of insertion. */
  readonly inbox: readonly string[];
  readonly lease: { readonly holder: string; readonly counter: number } | null;
}

/** What a majority has, and the writes that only the primary has so far, in their order. */
export interface Database {
  readonly durable: Snapshot;
  readonly ops: readonly Op[];
}

export const emptySnapshot: Snapshot = { log: [null], inbox: [], lease: null };

export function apply(snapshot: Snapshot, op: Op): Snapshot {
  switch (op.kind) {
    case 'log': {
      const log = [...snapshot.log];
      while (log.length < op.position) log.push(null);
      log[op.position] = op.event;
      return { ...snapshot, log };
    }
    case 'in':
      return { ...snapshot, inbox: [...snapshot.inbox, op.event] };
    case 'out':
      return { ...snapshot, inbox: snapshot.inbox.filter((one) => one !== op.event) };
    case 'lease':
      return { ...snapshot, lease: { holder: op.holder, counter: op.counter } };
  }
}

/** What the primary has. */
export function latest({ durable, ops }: Database): Snapshot {
  return ops.reduce(apply, durable);
}

/** The last position up to which none is missing. */
export function headOf({ log }: Snapshot): number {
  const hole = log.findIndex((event, position) => position > 0 && event === null);
  return (hole === -1 ? log.length : hole) - 1;
}
