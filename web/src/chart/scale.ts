import { eventTypes } from '../stream/event-types.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './range.ts';
import type { StackedCounts } from './stack-counts.ts';

/** Height of the chart, in pixels. */
export const HEIGHT = 132;
const LEFT = 44;
const RIGHT = 4;
const TOP = 8;
const BOTTOM = 22;
/** Width of a label of the time axis with its space, in pixels. */
const LABEL = 100;
/** Width of a label without its space, in pixels. */
export const LABEL_TEXT = 48;
/** The highest column is at least this many events high. */
const LEAST_MAX = 5;
const GAP = 0.15;
const WIDEST = 40;

/** Converts columns and counts to pixels. */
export interface Scale {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The count at the top. */
  max: number;
  /** How many labels the time axis has place for. */
  labels: number;
  columnWidth: number;
  /** @param index of a column, or a fraction between two */
  xOf(index: number): number;
  yOf(count: number): number;
  /** Returns the index of the column at a place, the nearest one beside them. */
  columnAt(x: number): number;
}

export function toScale({ columns, most }: StackedCounts, width: number): Scale {
  const [left, right, top, bottom] = [LEFT, Math.max(LEFT, width - RIGHT), TOP, HEIGHT - BOTTOM];
  const max = Math.max(LEAST_MAX, most * 1.1);
  const columnWidth = (right - left) / Math.max(1, columns.length);
  return {
    ...{ left, right, top, bottom, max, columnWidth },
    labels: Math.max(1, Math.floor((right - left) / LABEL)),
    xOf: (index) => left + index * columnWidth,
    yOf: (count) => bottom - (count / max) * (bottom - top),
    columnAt(x) {
      const index = Math.floor((x - left) / Math.max(columnWidth, 1e-6));
      return Math.min(columns.length - 1, Math.max(0, index));
    },
  };
}

/** Returns round counts for the lines of the chart. */
export function yTicks(max: number): number[] {
  const rough = Math.max(1, max / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? power;
  const ticks: number[] = [];
  for (let count = 0; count <= max; count += step) ticks.push(count);
  return ticks;
}

/** Steps of the time axis within a day, in milliseconds. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
];

/**
 * Returns the columns at round local times, which get a label: each fifth minute, each second hour,
 * each midnight. Labels of a range above a day name days only.
 *
 * @param labels how many labels there is place for
 */
export function timeTicks(
  { columns, range }: Pick<StackedCounts, 'columns' | 'range'>,
  labels: number,
): { index: number; begins: number }[] {
  const least = range.ms / labels;
  const inDay = range.ms > DAY_MS ? undefined : TIME_STEPS.find((each) => each >= least);
  const step = inDay ?? Math.ceil(least / DAY_MS) * DAY_MS;
  const stepOf = (ms: number) =>
    Math.floor((ms - new Date(ms).getTimezoneOffset() * MINUTE_MS) / step);
  return columns
    .map(({ begins }, index) => ({ index, begins }))
    .filter(({ begins }) => stepOf(begins) !== stepOf(begins - range.bucketMs));
}

/** Returns a path for each type: its part of every column, above those of the types before it. */
export function columnPaths(scale: Scale, { columns, shown }: StackedCounts): string[] {
  const heights = columns.map(() => 0);
  const width = Math.min(WIDEST, scale.columnWidth * (1 - GAP));
  return eventTypes.map((type) => {
    if (!shown(type)) return '';
    let path = '';
    for (const [index, { counts }] of columns.entries()) {
      const count = counts.get(type) ?? 0;
      if (count === 0) continue;
      const below = heights[index] ?? 0;
      heights[index] = below + count;
      const [low, high] = [scale.yOf(below), scale.yOf(below + count)];
      path += `M${scale.xOf(index)} ${low}V${high}h${width}V${low}Z`;
    }
    return path;
  });
}
