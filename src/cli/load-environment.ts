import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, settingNames } from '../config/config.ts';

const ENTRY =
  /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"[^"]*"|'[^']*'|`[^`]*`|[^"'`#][^#]*|)\s*(?:#.*)?$/;
const NOTHING = /^\s*(?:#.*)?$/;

/** The environment, and the names that an `.env` file added to it. */
export interface Environment {
  values: NodeJS.ProcessEnv;
  fromFile: ReadonlySet<string>;
}

/**
 * Adds an `.env` file to the environment; variables already set keep their values.
 *
 * @param warn called for each name in the file that is not a setting: it may be misspelled
 * @throws ConfigError with the file and every line that cannot be parsed
 */
export function loadEnvironment(
  file: string,
  env: NodeJS.ProcessEnv,
  warn: (line: string) => void,
): Environment {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { values: env, fromFile: new Set() };
    throw new ConfigError([`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`]);
  }
  const faults = text.split(/\r?\n/).flatMap((line, index) =>
    // The line is not quoted: it may contain a secret.
    ENTRY.test(line) || NOTHING.test(line)
      ? []
      : [`${file}:${index + 1}: expected NAME=value, in quotes if it holds # or quotes`],
  );
  if (faults.length > 0) throw new ConfigError(faults);
  const values = parseEnv(text);
  for (const name of Object.keys(values)) {
    if (settingNames.includes(name)) continue;
    // OpenTelemetry reads the process's own environment.
    const isElsewhere = name.startsWith('OTEL_');
    const why = isElsewhere ? 'is taken from the environment alone' : 'is no setting of Eventline';
    warn(`${file}: ${name} ${why}`);
  }
  const added = Object.keys(values).filter((name) => env[name] === undefined);
  return { values: { ...values, ...env }, fromFile: new Set(added) };
}
