import { toJsonLine } from '../catalog/json-line.ts';
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
  /** Monotonic milliseconds, for progress; default `performance.now`. */
  nowMs?: () => number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Registers a synchronous action for a forced exit (a second Ctrl-C). */
  onForcedEnd: (action: () => void) => void;
  /** Returns how the user invokes a command, such as `npx eventline send`. */
  say: (command: string) => string;
}

/** Replaces control characters in a text that may quote what others sent: terminals obey them. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** The same for a text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Writes a line. */
export function line(stream: NodeJS.WritableStream, text = ''): void {
  stream.write(`${text}\n`);
}

/** Writes a value as one line of JSON, in which a terminal finds nothing to obey. */
export function jsonLine(stream: NodeJS.WritableStream, value: unknown): void {
  line(stream, toJsonLine(JSON.stringify(value)));
}
