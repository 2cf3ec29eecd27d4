import { readFileSync } from 'node:fs';

/** The pinned packages of the embedded database. */
export interface Requirements {
  /** A requirements file with a hash for each package. */
  text: string;
  /** The version of SecantusDB in it. */
  version: string;
}

/**
 * Reads the pinned packages of the embedded database.
 *
 * @throws Error if the file is missing or names no version of SecantusDB.
 */
export function readRequirements(): Requirements {
  const file = new URL('./requirements.txt', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const version = /^secantusdb==(\S+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error(`${file.pathname}: expected secantusdb==VERSION`);
  return { text, version };
}
