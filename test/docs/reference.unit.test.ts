import { expect, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { createBlocks, GENERATED_DOCUMENTS } from '../../scripts/reference/create-blocks.mjs';
// @ts-expect-error a script of the project, without types
import { fillBlocks } from '../../scripts/reference/fill-blocks.mjs';
// @ts-expect-error a script of the project, without types
import { renderLlms } from '../../scripts/reference/render-llms.mjs';
import { catalog } from '../../src/catalog/catalog.ts';
import { createProgram } from '../../src/cli/create-program.ts';
import { settingNames } from '../../src/config/config.ts';
import { limitSettings, settings } from '../../src/config/settings.ts';
import { CONTRACTS_PATH, createContracts, toText } from '../../src/contracts/contracts.ts';
import { errorTable } from '../../src/errors.ts';
import { createMetrics } from '../../src/observability/metrics/create-metrics.ts';
import { schema } from '../../src/schema/schema.ts';
import { outcomes, problems } from '../../src/webhook/answers.ts';
import { documents, read } from './documents.ts';

const { version } = JSON.parse(read('package.json'));

const blocks: Record<string, string> = createBlocks({
  ...{ catalog, createProgram, limitSettings, settings, errorTable, createMetrics, schema },
  ...{ CONTRACTS_PATH, createContracts, version },
  outcomes,
  problems,
});

test.for<string>(GENERATED_DOCUMENTS)('%s matches the code', (path) => {
  const text = read(path);
  // If this fails, run `npm run generate`.
  expect(text).toBe(fillBlocks(text, blocks, read));
});

// If one of these fails, run `npm run generate`.
test.for(createContracts(version))('contracts/$path matches the code', ({ path, document }) => {
  expect(read(`contracts/${path}`)).toBe(toText(document));
});

test('llms.txt lists every document of the docs with its title', () => {
  const text = read('llms.txt');
  expect(text).toBe(renderLlms(documents, read));
  const listed = [...text.matchAll(/^- \[.+?\]\((\S+?)\)(: .{10,}\.)?$/gm)].map(([, path]) => path);
  expect(listed).toEqual(
    expect.arrayContaining(
      documents.filter((path) => path.startsWith('docs/') && !path.startsWith('docs/releases/')),
    ),
  );
  expect(listed).toHaveLength(text.match(/^- /gm)?.length ?? 0);
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
