import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from './cache-directory.ts';

const run = promisify(execFile);

/**
 * Downloads a mongod with mongodb-memory-server-core into the cache. Its MONGOMS_* variables
 * (version, mirror, folder) apply.
 *
 * @returns the program, or a sentence that says why it is unavailable.
 */
export async function downloadMongod(options: {
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
}): Promise<{ command: string; label: string } | string> {
  const { env, progress } = options;
  let MongoBinary: typeof import('mongodb-memory-server-core').MongoBinary;
  try {
    ({ MongoBinary } = await import('mongodb-memory-server-core'));
  } catch {
    return 'downloading MongoDB needs a package: run npm install mongodb-memory-server-core';
  }
  const folder = env.MONGOMS_DOWNLOAD_DIR ?? join(cacheDirectory(env), 'mongodb-binaries');
  progress(`Looking for MongoDB in ${folder}, to download it (once, about 100 MB) if it is not`);
  try {
    const command = await MongoBinary.getPath({ downloadDir: folder });
    const { stdout } = await run(command, ['--version'], { env });
    const version = /version v?([\w.-]+)/.exec(stdout)?.[1] ?? '';
    return { command, label: `MongoDB ${version} (${command})` };
  } catch (error) {
    return `MongoDB could not be downloaded into ${folder}: ${(error as Error).message}`;
  }
}
