/** Actions by their due times: a binary heap. */
export interface EventQueue {
  add(atMs: number, action: () => void): void;
  /** The next due time; infinity without actions. */
  nextMs(): number;
  /** Removes and returns the actions of the next due time, in the order they were added. */
  takeNext(): (() => void)[];
}

interface Entry {
  atMs: number;
  /** Actions of the same millisecond share an entry. */
  actions: (() => void)[];
}

export function createEventQueue(): EventQueue {
  const heap: Entry[] = [];
  const byTime = new Map<number, Entry>();

  function up(entry: Entry): void {
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Entry;
      if (above.atMs <= entry.atMs) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  function down(entry: Entry): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && msAt(child + 1) < msAt(child)) child += 1;
      if (msAt(child) >= entry.atMs) break;
      heap[place] = heap[child] as Entry;
      place = child;
    }
    heap[place] = entry;
  }

  const msAt = (place: number) => (heap[place] as Entry).atMs;

  return {
    add(atMs, action) {
      const known = byTime.get(atMs);
      if (known) {
        known.actions.push(action);
        return;
      }
      const entry = { atMs, actions: [action] };
      byTime.set(atMs, entry);
      up(entry);
    },
    nextMs: () => heap[0]?.atMs ?? Number.POSITIVE_INFINITY,
    takeNext() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) return [];
      if (heap.length > 0) down(last);
      byTime.delete(first.atMs);
      return first.actions;
    },
  };
}
