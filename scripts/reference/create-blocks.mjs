import { renderCommands } from './render-commands.mjs';
import { renderContracts } from './render-contracts.mjs';
import { renderAnswers, renderErrors } from './render-errors.mjs';
import { renderEvents } from './render-events.mjs';
import { renderMetrics } from './render-metrics.mjs';
import { renderSchema } from './render-schema.mjs';
import { renderLimits, renderSettings } from './render-settings.mjs';

/** Returns the generated parts of docs/reference, as Markdown by the name of the block. */
export function createBlocks(code) {
  return {
    settings: renderSettings(code.settings),
    limits: renderLimits(code.limitSettings),
    errors: renderErrors(code.errorTable),
    answers: renderAnswers(code),
    events: renderEvents(code.catalog),
    commands: renderCommands(code.createProgram({}, '')),
    metrics: renderMetrics(code.createMetrics),
    schema: renderSchema(code.schema),
    ...renderContracts(code, code.version),
  };
}

/** The documents that have such blocks. */
export const GENERATED_DOCUMENTS = [
  'docs/reference/configuration.md',
  'docs/reference/limits.md',
  'docs/reference/errors.md',
  'docs/reference/webhook.md',
  'docs/reference/cli.md',
  'docs/reference/metrics.md',
  'docs/reference/schema.md',
  'docs/reference/contracts.md',
  'docs/guide/queries.md',
];
