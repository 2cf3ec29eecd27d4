import type { Config } from '../config/config.ts';
import type { Environment } from './load-environment.ts';

/** What a command needs of the process, given by main.ts alone. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  /** Where a person answers a question; `isTTY` tells whether there is one. */
  in: NodeJS.ReadableStream & { isTTY?: boolean };
  /** Results: what another program may read. */
  out: NodeJS.WritableStream;
  /** Everything said to a person beside the result. */
  err: NodeJS.WritableStream;
  /** The settings, with what an `.env` file adds; throws ConfigError. */
  config: () => Config;
  /** The same as they are written, and which are from the file; throws ConfigError. */
  environment: () => Environment;
  /** Aborted when the person ends the command (Ctrl-C). */
  signal: AbortSignal;
  /** What has to be done, and can be done at once, when the person ends the command by force. */
  onForcedEnd: (action: () => void) => void;
  /** How the person calls a command: `npm run send --` or `eventline send`. */
  say: (command: string) => string;
}

/** Writes a line. */
export function line(stream: NodeJS.WritableStream, text = ''): void {
  stream.write(`${text}\n`);
}
