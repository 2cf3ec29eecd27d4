/** How far the projections are behind the log. */
export interface ProjectionLag {
  /** Events that are published and not applied. */
  positions: number;
  /** For how long the oldest of them has waited, in milliseconds. */
  ms: number;
}

/** Events up to a position that were published at or shortly after an instant of `performance.now()`. */
interface Mark {
  position: number;
  atMs: number;
}

/** How far apart marks are at first, in milliseconds, and their maximum number. */
const FIRST_DISTANCE_MS = 100;
const MAX_MARKS = 256;

/**
 * Measures the lag of the projections without an instant per event: it marks the head every so often,
 * and the oldest mark that is not applied tells the lag, at most the distance of marks too long.
 * That distance doubles when there are too many, so a long lag is measured less finely.
 */
export function createProjectionLag(now: () => { appliedUpTo: number; head: number }) {
  let marks: Mark[] = [];
  let distanceMs = FIRST_DISTANCE_MS;

  function update(): void {
    const { appliedUpTo, head } = now();
    const first = marks.findIndex(({ position }) => position > appliedUpTo);
    if (first !== 0) marks = first < 0 ? [] : marks.slice(first);
    if (marks.length === 0) distanceMs = FIRST_DISTANCE_MS;
    const last = marks.at(-1);
    if (head <= (last?.position ?? appliedUpTo)) return;
    const atMs = performance.now();
    if (last && atMs - last.atMs < distanceMs) last.position = head;
    else marks.push({ position: head, atMs });
    if (marks.length <= MAX_MARKS) return;
    marks = mergeNeighbours(marks);
    distanceMs *= 2;
  }

  return {
    /** Reports new events or progress. */
    update,
    read(): ProjectionLag {
      update();
      const { appliedUpTo, head } = now();
      const [oldest] = marks;
      const ms = oldest === undefined ? 0 : performance.now() - oldest.atMs;
      return { positions: Math.max(0, head - appliedUpTo), ms };
    },
  };
}

function mergeNeighbours(marks: readonly Mark[]): Mark[] {
  return marks.flatMap((mark, index) => {
    if (index % 2 === 1) return [];
    return [{ atMs: mark.atMs, position: (marks[index + 1] ?? mark).position }];
  });
}
