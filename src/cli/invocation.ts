import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder into which npx installs a package that is not in the project. */
const NPX_FOLDER = /^(.*[\\/]_npx[\\/][^\\/]+)[\\/]node_modules[\\/]/;

/**
 * Returns how the user invokes a command: by npx with the same package, such as a packed file; by
 * npx in a checkout; or by the name alone.
 *
 * @param program the path of the running program, as it was called
 */
export function describeInvocation(
  command: string,
  env: NodeJS.ProcessEnv,
  program: string | undefined,
): string {
  if (!env.npm_lifecycle_event) return `eventline ${command}`;
  const [, folder] = NPX_FOLDER.exec(program ?? '') ?? [];
  // The name alone could be another package of the registry.
  const name = (folder && installedPackage(folder)) ?? 'eventline';
  return `npx ${/\s/.test(name) ? `"${name}"` : name} ${command}`;
}

/** The package that npx was called with; it keeps that beside what it installed. */
function installedPackage(folder: string): string | undefined {
  try {
    const { _npx } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const [name, ...others] = _npx.packages;
    return typeof name === 'string' && others.length === 0 ? name : undefined;
  } catch {
    return undefined;
  }
}
