import { join } from 'node:path';

export type EmbeddedKind = 'mongod' | 'secantusd-rs' | 'secantusdb' | 'download';

/** A database program found on this machine. */
export interface DatabaseProgram {
  kind: EmbeddedKind;
  /** For messages: name and location. */
  label: string;
  command: string;
  /** Absolute path, contained in `arguments`, by which an orphaned process is recognised. */
  dataFolder: string;
  arguments: (port: number) => string[];
  env: NodeJS.ProcessEnv;
  /** Whether the replica set must be initiated (MongoDB) or reports itself as one (SecantusDB). */
  initiate: boolean;
}

/** Name of the replica set. It is stored with the data, so it can never change. */
export const REPLICA_SET = 'eventline';

/** Returns the program for a real mongod; all mongods share one data folder, downloaded or not. */
export function mongodProgram(
  kind: 'mongod' | 'download',
  found: { command: string; label: string },
  place: { dataDir: string; env: NodeJS.ProcessEnv },
): DatabaseProgram {
  const dataFolder = join(place.dataDir, 'mongod');
  return {
    kind,
    ...found,
    dataFolder,
    arguments: (port) => [
      ...['--replSet', REPLICA_SET, '--dbpath', dataFolder],
      ...['--bind_ip', '127.0.0.1', '--port', String(port)],
      // The defaults are half of the memory for the cache and 5 % of the disk for the oplog.
      ...['--wiredTigerCacheSizeGB', '0.5', '--oplogSize', '1024'],
      // A crash would leave a socket file in the temporary directory.
      ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
    ],
    env: place.env,
    initiate: true,
  };
}

/** Returns the program for SecantusDB in Rust or Python: equal flags, separate data folders. */
export function secantusProgram(
  kind: 'secantusd-rs' | 'secantusdb',
  found: { command: string; label: string; before?: string[] },
  place: { dataDir: string; env: NodeJS.ProcessEnv },
): DatabaseProgram {
  const dataFolder = join(place.dataDir, kind);
  const { command, label, before = [] } = found;
  return {
    kind,
    command,
    label,
    dataFolder,
    arguments: (port) => [
      ...before,
      // Without it a secantusd.toml of the user would be read.
      ...['--config', emptyConfigFile(place.dataDir)],
      ...['--host', '127.0.0.1', '--port', String(port), '--storage-path', dataFolder],
      // An acknowledged write must survive a SIGKILL.
      '--sync-on-commit',
      ...['--cache-size', '512M'],
    ],
    env: withoutSecantusSettings(place.env),
    initiate: false,
  };
}

/** Returns the path of the empty configuration file for SecantusDB. */
export function emptyConfigFile(dataDir: string): string {
  return join(dataDir, 'secantusd.toml');
}

/** Some SECANTUS_* variables trade durability for speed. */
function withoutSecantusSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('SECANTUS')),
  );
}
