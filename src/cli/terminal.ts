import type { Config } from '../config/config.ts';
import type { Environment } from './load-environment.ts';

/** What a command needs of the process; provided by main.ts only. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  /** Input for answers to questions; `isTTY` tells whether a person can answer. */
  in: NodeJS.ReadableStream & { isTTY?: boolean };
  /** Results, which other programs may read. */
  out: NodeJS.WritableStream;
  /** Messages for people beside the result. */
  err: NodeJS.WritableStream;
  /** The settings, including those of an `.env` file; throws ConfigError. */
  config: () => Config;
  /** The raw settings, and which come from the file; throws ConfigError. */
  environment: () => Environment;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Registers a synchronous action for a forced exit (a second Ctrl-C). */
  onForcedEnd: (action: () => void) => void;
  /** Returns how the user invokes a command, such as `npx eventline send`. */
  say: (command: string) => string;
}

/** Writes a line. */
export function line(stream: NodeJS.WritableStream, text = ''): void {
  stream.write(`${text}\n`);
}
