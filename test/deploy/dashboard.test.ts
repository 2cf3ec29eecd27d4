import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { get } from '../server/request.ts';
import { scrapeSamples } from '../utils/scrape.ts';
import { startTestServer } from '../utils/server.ts';
import { waitUntil } from '../utils/wait-until.ts';
import { alertRules } from './prometheus/alert-rules.ts';
import { parsePromql } from './prometheus/evaluate.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string; legendFormat: string }[];
}

const FILE = join(import.meta.dirname, '../../deploy/grafana/dashboard.json');
const { panels } = JSON.parse(readFileSync(FILE, 'utf8')) as { panels: Panel[] };
/** Labels that Prometheus adds to each series. */
const TARGET_LABELS = ['job', 'instance'];

/** The labels of each metric of a server, including the parts of histograms. */
const metrics = new Map<string, Set<string>>([['up', new Set()]]);
const ours = new Set<string>();

beforeAll(async () => {
  const server = await startTestServer({ metrics: { ofProcess: true, maxAgeMs: 0 } });
  // Some metrics get their labels with their first value.
  await server.post('message_sent');
  const look = async () => {
    for (const { name, labels } of await scrapeSamples(server.url)) {
      metrics.set(name, new Set([...(metrics.get(name) ?? []), ...Object.keys(labels)]));
    }
    return metrics.has('nodejs_gc_duration_seconds_sum');
  };
  await waitUntil(look);
  const { text } = await get(`${server.url}/metrics`);
  for (const [, name = ''] of text.matchAll(/^# TYPE (eventline_\S+)/gm)) ours.add(name);
  await server.close();
});

/** Returns the metrics and labels that an expression uses. */
function usedNames(expr: string) {
  // Grafana replaces these variables.
  const text = expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'eventline');
  const names: string[] = [];
  const labels: string[] = [];
  parsePromql(text)
    .cursor()
    .iterate((node) => {
      const word = text.slice(node.from, node.to);
      if (node.name === 'Identifier') names.push(word);
      if (node.name === 'LabelName') labels.push(word);
    });
  return { names, labels };
}

const expressions = [
  ...alertRules.map(({ alert, expr }) => ({ where: alert, expr, legend: '' })),
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ where: title, expr, legend: legendFormat })),
  ),
];

test.for(expressions)('$where uses existing metrics and labels: $expr', ({ expr, legend }) => {
  const { names, labels } = usedNames(expr);
  expect(names.length).toBeGreaterThan(0);
  expect([...metrics.keys()]).toEqual(expect.arrayContaining(names));
  const known = [...TARGET_LABELS, ...names.flatMap((name) => [...(metrics.get(name) ?? [])])];
  expect(known).toEqual(expect.arrayContaining(labels));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
  expect(labels).toEqual(expect.arrayContaining(shown));
});

describe('the dashboard', () => {
  test('shows every metric of Eventline', () => {
    const text = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
    expect(ours.size).toBeGreaterThan(20);
    expect([...ours].filter((name) => !text.includes(name))).toEqual([]);
  });

  test('has panels with unique ids that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from(
        { length: h * w },
        (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`,
      );
    });
    expect(new Set(cells).size).toBe(cells.length);
  });
});
