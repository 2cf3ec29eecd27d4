import { join } from 'node:path';
import type { Caller } from './processes/remote-calls.ts';
import { startProcess } from './processes/start-process.ts';

const LOAD = join(import.meta.dirname, 'load/main.js');

/** Starts a load generator as a separate process; `load/main.ts` handles its calls. */
export function startLoad(): { call: Caller; close(): Promise<void> } {
  return startProcess({ command: [LOAD] });
}
