import { readFileSync, writeFileSync } from 'node:fs';
import { catalog } from '../dist/catalog/catalog.js';
import { createProgram } from '../dist/cli/create-program.js';
import { limitSettings, settings } from '../dist/config/settings.js';
import { errorTable } from '../dist/errors.js';
import { createMetrics } from '../dist/observability/metrics/create-metrics.js';
import { schema } from '../dist/schema/schema.js';
import { outcomes, problems } from '../dist/webhook/answers.js';
import { createBlocks, GENERATED_DOCUMENTS } from './reference/create-blocks.mjs';
import { fillBlocks } from './reference/fill-blocks.mjs';

// Writes generated parts into the documents: settings, limits, errors, events, commands, metrics,
// the schema, and quoted code.

const read = (path) => readFileSync(path, 'utf8');
const blocks = createBlocks({
  ...{ catalog, createProgram, limitSettings, settings, errorTable, createMetrics, schema },
  outcomes,
  problems,
});
for (const path of GENERATED_DOCUMENTS) writeFileSync(path, fillBlocks(read(path), blocks, read));
