import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import type { Python } from './find-python.ts';
import { identifyProcess } from './identify-process.ts';
import { pipInstall } from './pip-install.ts';
import { readRequirements } from './read-requirements.ts';

/** Written last: a folder without this file is incomplete. */
const COMPLETE = '.eventline-complete';

export interface InstallOptions {
  python: Python;
  env: NodeJS.ProcessEnv;
  /** Called when an installation starts and ends; not called if it is already installed. */
  progress: (line: string) => void;
}

/**
 * Installs SecantusDB, with the pinned hashes, into the cache for this Python, and returns its
 * folder for PYTHONPATH. Concurrent processes are safe: each installs into its own folder, and the
 * first to finish renames it.
 *
 * @throws Error with the end of pip's output if the installation fails; the cache is unchanged.
 */
export async function installSecantusdb(options: InstallOptions): Promise<string> {
  const { python, env, progress } = options;
  const { text, version } = readRequirements();
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const name = `secantusdb-${version}-${digest}-${python.tag}`;
  const folder = join(cacheDirectory(env), name);
  if (await isComplete(folder)) return folder;

  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await removeAbandoned(folder);
  progress(`Installing SecantusDB ${version} (once, about 10 s) into ${folder}`);
  const startedAt = Date.now();
  const work = `${folder}.tmp-${process.pid}-${randomUUID()}`;
  try {
    await mkdir(work, { mode: 0o700 });
    const requirements = join(work, 'requirements.txt');
    await writeFile(requirements, text);
    const target = join(work, 'packages');
    await pipInstall({ python, env, requirements, target, work });
    await writeFile(join(target, COMPLETE), '');
    await publish(target, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  progress(`Installed in ${Math.max(1, Math.round((Date.now() - startedAt) / 1000))} s`);
  return folder;
}

async function publish(target: string, folder: string): Promise<void> {
  for (;;) {
    try {
      await rename(target, folder);
      return;
    } catch (error) {
      // Another process was faster; its copy passed the same hashes.
      if (await isComplete(folder)) return;
      if (!(await exists(folder))) throw error;
    }
    // Move the incomplete folder aside first, so that no process sees it half removed.
    const broken = `${folder}.tmp-${process.pid}-${randomUUID()}`;
    await rename(folder, broken).catch(() => undefined);
    await rm(broken, { recursive: true, force: true });
  }
}

/** Removes leftovers of killed installations beside `folder`. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.tmp-`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (pid === process.pid || (await identifyProcess(pid)) !== undefined) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function isComplete(folder: string): Promise<boolean> {
  return exists(join(folder, COMPLETE));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
