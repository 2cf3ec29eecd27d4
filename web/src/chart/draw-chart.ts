import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { colourClass, eventTypes } from '../stream/event-types.ts';
import { minuteTime } from '../words/times.ts';
import type { StackedCounts } from './stack-counts.ts';

export interface DrawnChart {
  draw(counts: StackedCounts): void;
  /** Marks a range in seconds since 1970, or none. */
  mark(span: readonly [number, number] | undefined): void;
  close(): void;
}

export interface ChartOptions {
  height: number;
  /** Called when the user has dragged over these minutes: seconds since 1970. */
  onSpan: (from: number, until: number) => void;
}

/** Draws columns into an element, in its colours and width. */
export function drawChart(element: HTMLElement, { height, onSpan }: ChartOptions): DrawnChart {
  const style = getComputedStyle(element);
  const ink = style.getPropertyValue('--muted');
  const line = style.getPropertyValue('--line');
  const columns = uPlot.paths.bars?.({ size: [0.85, 24], align: 1 });
  let marked: readonly [number, number] | undefined;
  const falling = [...eventTypes].reverse();
  const axis = {
    ...{ stroke: ink, font: `11px ${style.fontFamily}` },
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  const chart = new uPlot(
    {
      ...{ width: element.clientWidth || 600, height },
      // The last label of the axis is centred below the end of it.
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { time: true, range: (_, low, high) => [low, high + 60] },
        y: { range: (_, __, high) => [0, Math.max(5, high * 1.1)] },
      },
      axes: [
        {
          ...axis,
          size: 24,
          values: (_, times) => times.map((seconds) => minuteTime(seconds * 1_000)),
          grid: { show: false },
        },
        { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5] },
      ],
      series: [
        {},
        ...falling.map((type) => ({
          fill: colourOf(element, colourClass(type)),
          width: 0,
          points: { show: false },
          ...(columns && { paths: columns }),
        })),
      ],
      hooks: {
        setSelect: [
          (drawn) => {
            const { left, width } = drawn.select;
            if (width <= 2) return;
            onSpan(drawn.posToVal(left, 'x'), drawn.posToVal(left + width, 'x'));
          },
        ],
        drawClear: [(drawn) => marked && shade(drawn, marked, style.getPropertyValue('--marked'))],
      },
    },
    [[], ...falling.map(() => [])],
    element,
  );
  const resizes = new ResizeObserver(() =>
    chart.setSize({ width: element.clientWidth || 600, height }),
  );
  resizes.observe(element);
  return {
    draw: ({ seconds, heights }) => chart.setData([seconds, ...heights]),
    mark(span) {
      marked = span;
      chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      chart.redraw(false);
    },
    close() {
      resizes.disconnect();
      chart.destroy();
    },
  };
}

function shade(chart: uPlot, [from, until]: readonly [number, number], colour: string): void {
  const { ctx, bbox } = chart;
  const left = Math.max(bbox.left, chart.valToPos(from, 'x', true));
  const right = Math.min(bbox.left + bbox.width, chart.valToPos(until, 'x', true));
  if (right <= left) return;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.restore();
}

/** Returns a colour of the style sheet for the current colour scheme. */
function colourOf(element: HTMLElement, className: string): string {
  const probe = element.appendChild(document.createElement('i'));
  probe.className = className;
  const colour = getComputedStyle(probe).getPropertyValue('--type');
  probe.remove();
  return colour;
}
