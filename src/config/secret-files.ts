import { isUtf8 } from 'node:buffer';
import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';

/** Settings whose value may be in a file; `NAME_FILE` has its path. */
export const fileSettings = [
  'MONGODB_URI',
  'WEBHOOK_SECRETS',
  'AUTH_JWT_SECRET',
  'OIDC_CLIENT_SECRET',
] as const;
export type FileSetting = (typeof fileSettings)[number];
/** Those with several values, one per line. */
const LISTS: ReadonlySet<FileSetting> = new Set(['WEBHOOK_SECRETS', 'AUTH_JWT_SECRET']);

/** Larger files are certainly not meant. Unit: bytes. */
const MAX_BYTES = 64 * 1024;
/** How long a pipe may take for its first byte, and between two, in milliseconds. */
const PIPE_MS = 5_000;
const POLL_MS = 20;
/** Reasons of a failed read, for people. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'this process may not read it',
  EPERM: 'this process may not read it',
  ETIMEDOUT: `nothing was written into it for ${PIPE_MS / 1_000} seconds`,
};

/** A line of a file that is not empty, without the white space around it. */
interface Line {
  text: string;
  /** From 1. */
  number: number;
}

/** The lines that files give, their paths, and the faults, each with its setting and path. */
export interface SecretFiles {
  lines: Partial<Record<FileSetting, readonly Line[]>>;
  paths: Partial<Record<FileSetting, string>>;
  faults: string[];
}

/**
 * Reads the files named by `MONGODB_URI_FILE`, `WEBHOOK_SECRETS_FILE` and so on, as Docker and
 * Kubernetes mount secrets. A file has one value per line, so that a value may contain any
 * other character.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): SecretFiles {
  const files: SecretFiles = { lines: {}, paths: {}, faults: [] };
  for (const name of fileSettings) {
    const path = env[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (env[name]?.trim()) {
      files.faults.push(`${name}, ${name}_FILE: give one of them, not both`);
      continue;
    }
    const { lines, fault } = readLines(path, LISTS.has(name));
    files.paths[name] = path;
    if (lines !== undefined) files.lines[name] = lines;
    else files.faults.push(`${name}_FILE: ${fault}`);
  }
  return files;
}

/** Returns the place of a value for messages: its setting, and of a file the path and the line. */
export function placeOf(
  name: string,
  { lines, paths }: Pick<SecretFiles, 'lines' | 'paths'>,
  index = 0,
): string {
  const setting = name as FileSetting;
  const line = lines[setting]?.[index];
  return line ? `${name}_FILE: ${paths[setting]}, line ${line.number}` : name;
}

/** Splits a variable with several secrets, at commas and line breaks. */
export function splitSecrets(variable: string | undefined): string[] | undefined {
  return variable?.split(/[,\n]/).map((secret) => secret.trim());
}

/** Returns the lines of a file, or why there are none. */
function readLines(
  path: string,
  isList: boolean,
): { lines: readonly Line[]; fault?: never } | { lines?: never; fault: string } {
  // Someone may have set the secret itself: it must not be printed.
  if (/^mongodb(\+srv)?:/i.test(path)) return { fault: 'expected the path of a file, got a URI' };
  let bytes: Buffer;
  try {
    bytes = readStart(path, MAX_BYTES + 1);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const name = isPath(path) ? path : 'the file, whose name may be a secret and is not shown,';
    return { fault: `${name} cannot be read: ${REASONS[code] ?? code}` };
  }
  if (bytes.length > MAX_BYTES) return { fault: `${path} has more than ${MAX_BYTES} bytes` };
  // No byte of a character in UTF-8 is a line break, so Latin-1 has the same lines.
  const raw = bytes.toString('latin1').split(/\r?\n|\r/);
  const isText = (line: string) => isUtf8(Buffer.from(line, 'latin1')) && !line.includes('\0');
  const unreadable = raw.findIndex((line) => !isText(line));
  if (unreadable !== -1) {
    return { fault: `${path} is not a text in UTF-8, at line ${unreadable + 1}` };
  }
  const lines = raw
    // `trim` also removes a byte order mark.
    .map((line, index) => ({ text: Buffer.from(line, 'latin1').toString().trim(), index }))
    .filter(({ text }) => text !== '')
    .map(({ text, index }) => ({ text, number: index + 1 }));
  const [first, second] = lines;
  if (first === undefined) return { fault: `${path} is empty` };
  if (second && !isList) return { fault: `${path}, line ${second.number}: expected one line` };
  return { lines };
}

/** Returns true for a path in a folder that exists; other texts may be the secret itself. */
function isPath(text: string): boolean {
  const folder = dirname(text);
  return existsSync(text) || (folder !== '.' && folder !== '/' && existsSync(folder));
}

/**
 * Reads at most this many bytes; a device may have no end. Does not block at a pipe without a writer:
 * a blocked process handles no signal.
 */
function readStart(path: string, maxBytes: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const isPipe = fstatSync(file).isFIFO();
    const bytes = Buffer.alloc(maxBytes);
    let deadlineMs = Date.now() + PIPE_MS;
    for (let length = 0; ; ) {
      const read = readAvailable(file, bytes.subarray(length));
      if (read === undefined || (read === 0 && length === 0 && isPipe)) {
        if (Date.now() > deadlineMs) throw Object.assign(new Error(), { code: 'ETIMEDOUT' });
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
        continue;
      }
      length += read;
      deadlineMs = Date.now() + PIPE_MS;
      if (read === 0 || length === maxBytes) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** Returns the number of bytes that were read; undefined if none can be read yet. */
function readAvailable(file: number, into: Buffer): number | undefined {
  try {
    return readSync(file, into, 0, into.length, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
