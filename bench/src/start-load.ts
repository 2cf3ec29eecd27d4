import { join } from 'node:path';
import type { Ask } from './processes/calls.ts';
import { startProcess } from './processes/start-process.ts';

const LOAD = join(import.meta.dirname, 'load/main.js');

/** Starts a load generator, a process of its own; see `load/main.ts` for what it does. */
export function startLoad(): { ask: Ask; close(): Promise<void> } {
  return startProcess({ command: [LOAD] });
}
