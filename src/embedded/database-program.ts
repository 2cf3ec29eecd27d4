import { join } from 'node:path';

export type EmbeddedKind = 'mongod' | 'secantusd-rs' | 'secantusdb' | 'download';

/** A database that was found on this machine and can be started. */
export interface DatabaseProgram {
  kind: EmbeddedKind;
  /** For messages: what it is and where it was found. */
  label: string;
  command: string;
  /** Absolute; named in `arguments`, by which an orphan is recognised. */
  dataFolder: string;
  arguments: (port: number) => string[];
  env: NodeJS.ProcessEnv;
  /** Whether it must be told to be a replica set (MongoDB), or says that it is one (SecantusDB). */
  initiate: boolean;
}

/** The set's name; it is stored with the data, so it can never change. */
export const REPLICA_SET = 'eventline';

/** A real mongod, in the folder that every mongod shares, downloaded or not. */
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
      // By itself it takes half of the memory for its cache and 5 % of the disk for its oplog.
      ...['--wiredTigerCacheSizeGB', '0.5', '--oplogSize', '1024'],
      // A socket file in /tmp would be one more thing left behind by a crash.
      ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
    ],
    env: place.env,
    initiate: true,
  };
}

/** SecantusDB in Rust or in Python: the same flags, each in a data folder of its own. */
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
      // Without it a secantusd.toml of the user's would be found and obeyed.
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

/** The configuration file that SecantusDB is given: it exists, and says nothing. */
export function emptyConfigFile(dataDir: string): string {
  return join(dataDir, 'secantusd.toml');
}

/** Some SECANTUS_* variables trade durability for speed. */
function withoutSecantusSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('SECANTUS')),
  );
}
