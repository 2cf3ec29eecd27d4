import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Builds the embedded database in Rust by cargo into bench/.rust, where the bench finds it. It takes
// some minutes, once. It is far faster than the one in Python, and so closer to a real MongoDB.

const VERSION = '0.5.3-beta.196';

const { status, error } = spawnSync(
  'cargo',
  [
    ...['install', 'secantus-mdb', '--version', VERSION, '--ignore-rust-version'],
    ...['--root', join(import.meta.dirname, '.rust')],
  ],
  { stdio: 'inherit' },
);
if (error) {
  process.stderr.write(`cargo cannot be started (${error.code}). Install Rust from rustup.rs.\n`);
}
process.exitCode = status ?? 1;
