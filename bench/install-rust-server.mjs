import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

// Installs the embedded database in Rust with cargo into bench/.rust, where the bench finds it. This
// takes some minutes. It is much faster than the one in Python, and so closer to a real MongoDB.

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
  process.stderr.write(
    `Cannot start cargo (${error.code}). Install Rust from https://rustup.rs.\n`,
  );
}
process.exitCode = status ?? 1;
