import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';

/** Settings whose value may be in a file; `NAME_FILE` has its path. */
export const fileSettings = ['MONGODB_URI', 'WEBHOOK_SECRETS', 'AUTH_JWT_SECRET'] as const;
export type FileSetting = (typeof fileSettings)[number];

/** Larger files are certainly not meant. Unit: bytes. */
const MAX_BYTES = 64 * 1024;
/** Reasons of a failed read, for people. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'this process may not read it',
  EPERM: 'this process may not read it',
};

/** The values that files give, their paths, and the faults, each with its setting and path. */
export interface SecretFiles {
  values: Partial<Record<FileSetting, string>>;
  paths: Partial<Record<FileSetting, string>>;
  faults: string[];
}

/**
 * Reads the files named by `MONGODB_URI_FILE`, `WEBHOOK_SECRETS_FILE` and `AUTH_JWT_SECRET_FILE`, as
 * Docker and Kubernetes mount secrets. White space around the text is not part of it.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): SecretFiles {
  const files: SecretFiles = { values: {}, paths: {}, faults: [] };
  for (const name of fileSettings) {
    const path = env[`${name}_FILE`]?.trim();
    if (!path) continue;
    if (env[name]?.trim()) {
      files.faults.push(`${name}, ${name}_FILE: give one of them, not both`);
      continue;
    }
    const { text, fault } = readText(path);
    files.paths[name] = path;
    if (text !== undefined) files.values[name] = text;
    else files.faults.push(`${name}_FILE: ${fault}`);
  }
  return files;
}

/** Returns the text of a file, or why there is none. */
function readText(path: string): { text?: string; fault?: string } {
  // Someone may have set the secret itself: it must not be printed.
  if (/^mongodb(\+srv)?:/i.test(path)) return { fault: 'expected the path of a file, got a URI' };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { fault: `${path} cannot be read: ${REASONS[code] ?? code}` };
  }
  if (bytes.length > MAX_BYTES) return { fault: `${path} has more than ${MAX_BYTES} bytes` };
  if (!isUtf8(bytes) || bytes.includes(0)) return { fault: `${path} is not a text in UTF-8` };
  // `trim` also removes a byte order mark.
  const text = bytes.toString('utf8').trim();
  return text === '' ? { fault: `${path} is empty` } : { text };
}

/** Returns the secrets of a file: one per line, so that a secret may contain any other character. */
export function splitLines(text: string): string[] {
  return text
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
