import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

// Builds and serves, and repeats both when the sources change. When a build fails, the running server
// stays. Arguments are passed to `eventline serve`.

const FOLDERS = ['src', 'web'];
/** Editors and Git write several files in short succession. */
const SETTLE_MS = 200;
const isWindows = process.platform === 'win32';

let server;
let isStopping = false;
let changes = 0;
let wake = () => {};

const log = (text) => process.stderr.write(`dev: ${text}\n`);

for (const folder of FOLDERS.filter((name) => existsSync(name))) {
  watch(folder, { recursive: true }, () => {
    changes += 1;
    wake();
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, async () => {
    isStopping = true;
    await stopServer();
    process.exit();
  });
}

while (!isStopping) {
  const seen = changes;
  log('building');
  if (await build()) {
    await stopServer();
    if (!isStopping) startServer();
  } else {
    log('the build failed; waiting for a change');
  }
  while (changes === seen) {
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
  await wait(SETTLE_MS);
}

async function build() {
  const child = spawn('npm', ['run', '--silent', 'build'], {
    stdio: ['ignore', 2, 2],
    shell: isWindows,
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}

function startServer() {
  const args = ['--enable-source-maps', 'dist/main.js', 'serve', ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    // Its own process group: Ctrl-C reaches it through this process alone, since a second signal
    // would end it by force.
    detached: !isWindows,
  });
  const started = { child, isExpected: false };
  started.exited = once(child, 'exit').then(([code]) => {
    server = undefined;
    if (!started.isExpected) log(`the server ended (exit code ${code})`);
  });
  server = started;
}

async function stopServer() {
  if (!server) return;
  server.isExpected = true;
  server.child.kill('SIGTERM');
  await server.exited;
}
