import { spawn, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

// Runs the bench on this checkout: builds Eventline, installs the contestants (bench/ is a separate
// package), builds the bench, and passes the arguments on.

const npm = (...args) => {
  const { status } = spawnSync('npm', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
};
const modifiedMs = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

npm('run', '--silent', 'build');
// npm writes this file at the end of an installation.
if (modifiedMs('bench/node_modules/.package-lock.json') < modifiedMs('bench/package-lock.json')) {
  process.stderr.write('Installing the contestants (bench/) …\n');
  npm('--prefix', 'bench', 'ci');
}
npm('--prefix', 'bench', 'run', '--silent', 'build');

const bench = spawn(process.execPath, ['bench/build/main.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The bench gets the same signal from the terminal, and stops its processes.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => bench.kill(name));
bench.once('exit', (code, signal) => {
  process.exitCode = signal ? 130 : (code ?? 1);
});
