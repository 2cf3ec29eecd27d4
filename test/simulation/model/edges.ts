/** The steps between numbered states. */
export interface Edges {
  add(from: number, to: number): void;
  /** Returns how many of the first `size` states lead to one of these, which count as well. */
  leadingTo(ids: readonly number[], size: number): number;
}

const FIRST_CAPACITY = 1 << 12;

/** Creates a list that holds both ends of each step in four bytes. */
export function createEdges(): Edges {
  let froms = new Int32Array(FIRST_CAPACITY);
  let tos = new Int32Array(FIRST_CAPACITY);
  let length = 0;

  function grown(old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(old.length * 2);
    larger.set(old);
    return larger;
  }

  /** The edges sorted by where they lead: those to `id` begin at `starts[id]`. */
  function sortByTarget(size: number) {
    const starts = new Int32Array(size + 1);
    for (let edge = 0; edge < length; edge += 1) {
      const next = (tos[edge] as number) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let id = 0; id < size; id += 1) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
    const places = starts.slice();
    const sorted = new Int32Array(length);
    for (let edge = 0; edge < length; edge += 1) {
      const target = tos[edge] as number;
      const place = places[target] as number;
      places[target] = place + 1;
      sorted[place] = froms[edge] as number;
    }
    return { starts, sorted };
  }

  return {
    add(from, to) {
      if (length === froms.length) [froms, tos] = [grown(froms), grown(tos)];
      froms[length] = from;
      tos[length] = to;
      length += 1;
    },
    leadingTo(ids, size) {
      const { starts, sorted } = sortByTarget(size);
      const seen = new Uint8Array(size);
      const open: number[] = [];
      let count = 0;
      const visit = (id: number) => {
        if (seen[id] === 1) return;
        seen[id] = 1;
        count += 1;
        open.push(id);
      };
      ids.forEach(visit);
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        const end = starts[id + 1] as number;
        for (let place = starts[id] as number; place < end; place += 1) {
          visit(sorted[place] as number);
        }
      }
      return count;
    },
  };
}
