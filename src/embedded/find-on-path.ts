import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Returns the absolute path of the first program called `name` on the PATH of `env`, or undefined.
 */
export async function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const windows = process.platform === 'win32';
  // Windows accepts any spelling of PATH; a copied environment keeps only one.
  const path = env.PATH ?? (windows ? env.Path : undefined) ?? '';
  const endings = windows ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  for (const directory of path.split(delimiter)) {
    // An empty or relative entry means the working directory, which is not trusted.
    if (!isAbsolute(directory)) continue;
    for (const ending of endings) {
      const file = join(directory, name + ending);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
