import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileSettings, type SecretFiles, splitSecrets } from './secret-files.ts';

/** A quoted text, also as an item of a JSON list that was split at its commas. */
const QUOTED = /^\[?(["']).*\1\]?$/s;

/**
 * Returns a fault for each variable that holds a secret in quotes or the path of a file. Such a value would
 * be taken as the secret, and every signature would be wrong. A file may hold any text.
 */
export function findMisplacedSecrets(
  given: Readonly<Record<string, string | undefined>>,
  { lines }: Pick<SecretFiles, 'lines'>,
): string[] {
  return fileSettings.flatMap((name) => {
    const texts = lines[name] ? [] : (splitSecrets(given[name]) ?? []);
    return texts.flatMap((text) => faultOf(name, text) ?? []);
  });
}

function faultOf(name: string, text: string): string | undefined {
  if (QUOTED.test(text)) {
    return `${name}: is in quotes, which would be part of it; leave them out, or use ${name}_FILE`;
  }
  if (isAbsolute(text) && existsSync(text)) return `${name}: names a file; use ${name}_FILE`;
  return undefined;
}
