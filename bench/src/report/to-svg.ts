import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Plot } from './report.ts';

/** A contestant has the same colour in every plot. */
const colours = {
  eventline: '#0b6e4f',
  apollo: '#b5446e',
  'apollo-filter': '#dd9ab6',
  mercurius: '#d98e04',
  yoga: '#8a5fbf',
  'raw-ws': '#7a7a7a',
  frame: '#b3b3b3',
  express: '#c8553d',
  counter: '#c8553d',
  'group-commit': '#4a7fb0',
  'no-database': '#9a9a9a',
  'bare-write': '#5c5c5c',
  'driver-read': '#5c5c5c',
};

/** Draws a plot as SVG. */
export async function toSvg(plot: Plot): Promise<string> {
  const { spec } = compile(toSpec(plot));
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

function toSpec({ title, kind, x, y, logX, logY, points }: Plot): TopLevelSpec {
  const known = [...new Set(points.map(({ series }) => series))];
  const range = known.map((name) => colours[name as keyof typeof colours] ?? '#333333');
  const base = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title,
    background: 'white',
    height: 260,
    data: { values: points.map((point) => ({ ...point })) },
    config: { font: 'sans-serif' },
  } as const;
  const color = { field: 'series', title: null, scale: { domain: known, range } } as const;
  const scaleOf = (isLog = false) => (isLog ? ({ type: 'log' } as const) : {});
  const axisY = { field: 'y', type: 'quantitative', title: y, scale: scaleOf(logY) } as const;
  if (kind === 'bars') {
    return {
      ...base,
      width: { step: 16 },
      mark: 'bar',
      encoding: {
        x: { field: 'x', type: 'nominal', title: x, sort: null, axis: { labelAngle: 0 } },
        xOffset: { field: 'series', sort: known },
        y: axisY,
        color,
      },
    } as TopLevelSpec;
  }
  return {
    ...base,
    width: 460,
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x, scale: scaleOf(logX) },
      y: axisY,
      color,
    },
  } as TopLevelSpec;
}
