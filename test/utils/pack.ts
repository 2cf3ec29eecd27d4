import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from './temporary-directory.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Packs the built server, or a workspace, as it would be published; returns the path. */
export async function pack(workspace?: string): Promise<string> {
  const directory = await temporaryDirectory();
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  if (workspace) args.push('--workspace', workspace);
  const { stdout } = await promisify(execFile)('npm', args, { cwd: ROOT });
  return join(directory, JSON.parse(stdout)[0].filename);
}
