import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError, settingNames } from '../config/config.ts';

const ENTRY =
  /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"[^"]*"|'[^']*'|`[^`]*`|[^"'`#][^#]*|)\s*(?:#.*)?$/;
const NOTHING = /^\s*(?:#.*)?$/;

/** The environment, and which names in it an `.env` file has added. */
export interface Environment {
  values: NodeJS.ProcessEnv;
  fromFile: ReadonlySet<string>;
}

/**
 * The environment with what an `.env` file adds to it; what is set already stays.
 *
 * @param warn gets a line for each name in the file that is no setting: it may be a slip
 * @throws ConfigError that names the file and every line that cannot be read
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
    // The line is not quoted: it may hold a secret.
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
