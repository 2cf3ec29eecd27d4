import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  type DatabaseProgram,
  type EmbeddedKind,
  mongodProgram,
  secantusProgram,
} from './database-program.ts';
import { downloadMongod } from './download-mongod.ts';
import { findOnPath } from './find-on-path.ts';
import { findPython } from './find-python.ts';
import { installSecantusdb } from './install-secantusdb.ts';
import { readRequirements } from './read-requirements.ts';

const run = promisify(execFile);
const VERSION_TIMEOUT_MS = 20_000;
/** The oldest maintained release with the change streams and transactions that we use. */
const OLDEST_MONGODB = 6;

export interface SearchOptions {
  /** Absolute path. */
  dataDir: string;
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
}

/**
 * Finds the program of one kind; installs (`secantusdb`) or downloads (`download`) it if needed.
 *
 * @returns the program, or a sentence that says why it is unavailable.
 */
export async function findProgram(
  kind: EmbeddedKind,
  options: SearchOptions,
): Promise<DatabaseProgram | string> {
  switch (kind) {
    case 'mongod':
      return findMongod(options);
    case 'secantusd-rs':
      return findSecantusdRs(options);
    case 'secantusdb':
      return findSecantusdb(options);
    case 'download': {
      const found = await downloadMongod(options);
      return typeof found === 'string' ? found : mongodProgram('download', found, options);
    }
  }
}

async function findMongod(options: SearchOptions): Promise<DatabaseProgram | string> {
  const command = await findOnPath('mongod', options.env);
  if (command === undefined) return 'there is no mongod on the PATH';
  const output = await versionOutput(command, options.env);
  const version = /version v?(\d+)(\.[\w.-]+)?/.exec(output ?? '');
  if (version === null) return `${command} does not run`;
  const text = `${version[1]}${version[2] ?? ''}`;
  if (Number(version[1]) < OLDEST_MONGODB) {
    return `${command} is MongoDB ${text}, and ${OLDEST_MONGODB} or newer is needed`;
  }
  return mongodProgram('mongod', { command, label: `MongoDB ${text} (${command})` }, options);
}

async function findSecantusdRs(options: SearchOptions): Promise<DatabaseProgram | string> {
  const command = await findOnPath('secantusd-rs', options.env);
  if (command === undefined) return 'there is no secantusd-rs on the PATH';
  const output = await versionOutput(command, options.env);
  if (output === undefined) return `${command} does not run`;
  const label = `${output.split('\n')[0]?.trim()} (${command})`;
  return secantusProgram('secantusd-rs', { command, label }, options);
}

async function findSecantusdb(options: SearchOptions): Promise<DatabaseProgram | string> {
  const python = await findPython(options.env);
  if (typeof python === 'string') return python;
  const name = `SecantusDB ${readRequirements().version}`;
  let folder: string;
  try {
    folder = await installSecantusdb({ ...options, python });
  } catch (error) {
    return `${name} could not be installed: ${(error as Error).message}`;
  }
  const found = {
    command: python.executable,
    before: ['-m', 'secantus'],
    label: `${name} (Python ${python.version})`,
  };
  const env = { ...options.env, PYTHONPATH: folder, PYTHONNOUSERSITE: '1', PYTHONSAFEPATH: '1' };
  return secantusProgram('secantusdb', found, { dataDir: options.dataDir, env });
}

async function versionOutput(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    return (await run(command, ['--version'], { env, timeout: VERSION_TIMEOUT_MS })).stdout;
  } catch {
    return undefined;
  }
}
