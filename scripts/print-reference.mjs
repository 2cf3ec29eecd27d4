import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalog } from '../dist/catalog/catalog.js';
import { createProgram } from '../dist/cli/create-program.js';
import { limitSettings, settings } from '../dist/config/settings.js';
import { CONTRACTS_PATH, createContracts, toText } from '../dist/contracts/contracts.js';
import { errorTable } from '../dist/errors.js';
import { createMetrics } from '../dist/observability/metrics/create-metrics.js';
import { schema } from '../dist/schema/schema.js';
import { outcomes, problems } from '../dist/webhook/answers.js';
import { createBlocks, GENERATED_DOCUMENTS } from './reference/create-blocks.mjs';
import { fillBlocks } from './reference/fill-blocks.mjs';
import { listDocuments } from './reference/list-documents.mjs';
import { renderLlms } from './reference/render-llms.mjs';

// Writes generated parts into the documents (settings, limits, errors, events, commands, metrics, the
// schema, quoted code), the contracts, and llms.txt.

const read = (path) => readFileSync(path, 'utf8');
const { version } = JSON.parse(read('package.json'));
const blocks = createBlocks({
  ...{ catalog, createProgram, limitSettings, settings, errorTable, createMetrics, schema },
  ...{ CONTRACTS_PATH, createContracts, version },
  outcomes,
  problems,
});
for (const path of GENERATED_DOCUMENTS) writeFileSync(path, fillBlocks(read(path), blocks, read));

for (const { path, document } of createContracts(version)) {
  const file = join('contracts', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, toText(document));
}
writeFileSync('llms.txt', renderLlms(listDocuments('.'), read));
