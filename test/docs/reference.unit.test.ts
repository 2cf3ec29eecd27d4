import { expect, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { createBlocks, GENERATED_DOCUMENTS } from '../../scripts/reference/create-blocks.mjs';
// @ts-expect-error a script of the project, without types
import { fillBlocks } from '../../scripts/reference/fill-blocks.mjs';
import { catalog } from '../../src/catalog/catalog.ts';
import { createProgram } from '../../src/cli/create-program.ts';
import { settingNames } from '../../src/config/config.ts';
import { limitSettings, settings } from '../../src/config/settings.ts';
import { errorTable } from '../../src/errors.ts';
import { createMetrics } from '../../src/observability/metrics/create-metrics.ts';
import { schema } from '../../src/schema/schema.ts';
import { outcomes, problems } from '../../src/webhook/answers.ts';
import { read } from './documents.ts';

const blocks: Record<string, string> = createBlocks({
  ...{ catalog, createProgram, limitSettings, settings, errorTable, createMetrics, schema },
  outcomes,
  problems,
});

test.for<string>(GENERATED_DOCUMENTS)('%s matches the code', (path) => {
  const text = read(path);
  // If this fails, run `npm run generate`.
  expect(text).toBe(fillBlocks(text, blocks, read));
});

test('every setting is in the reference', () => {
  const text = read('docs/reference/configuration.md') + read('docs/reference/limits.md');
  for (const name of settingNames) expect(text).toContain(`| \`${name}\` |`);
});

test('every metric is listed with its labels and meaning', () => {
  const rows = blocks.metrics?.split('\n').slice(2) ?? [];
  expect(rows.length).toBeGreaterThan(20);
  const [duration = ''] = rows.filter((row) => row.includes('_delivery_duration_seconds'));
  expect(duration).toMatch(/\| histogram \| `status` \| .{20}/);
});

test('an unknown block is refused', () => {
  const document = '<!-- generated: nothing -->\n<!-- end of generated -->';
  expect(() => fillBlocks(document, {}, read)).toThrow('no block "nothing"');
});
