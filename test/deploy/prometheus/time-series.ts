import type { Sample } from '../../utils/scrape.ts';

export type Labels = Readonly<Record<string, string>>;

/** A point of a series; a stale point ends the series. */
export interface Point {
  atMs: number;
  value: number;
  isStale?: boolean;
}

export interface Series {
  name: string;
  labels: Labels;
  points: Point[];
}

/** The samples that Prometheus stores. */
export interface TimeSeries {
  /** Adds a target's samples; undefined if it did not answer. */
  add(target: Labels, samples: readonly Sample[] | undefined, atMs: number): void;
  all(): Iterable<Series>;
}

/**
 * Stores scrapes like Prometheus: `up` is 1 or 0, each sample gets the labels of its target, and a
 * series that is missing from a scrape ends ("staleness", querying basics).
 */
export function createTimeSeries(): TimeSeries {
  const series = new Map<string, Series>();

  function push(name: string, labels: Labels, point: Point): void {
    const key = `${name}${labelsKey(labels)}`;
    const one = series.get(key) ?? { name, labels, points: [] };
    one.points.push(point);
    series.set(key, one);
  }

  return {
    add(target, samples, atMs) {
      for (const { name, labels, value } of samples ?? []) {
        push(name, { ...labels, ...target }, { atMs, value });
      }
      push('up', target, { atMs, value: samples === undefined ? 0 : 1 });
      for (const { labels, points } of series.values()) {
        const isOfTarget = Object.entries(target).every(([name, value]) => labels[name] === value);
        const last = points.at(-1);
        if (isOfTarget && last && last.atMs !== atMs && !last.isStale) {
          points.push({ atMs, value: Number.NaN, isStale: true });
        }
      }
    },
    all: () => series.values(),
  };
}

/** Returns the same key for equal labels. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}
