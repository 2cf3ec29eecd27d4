import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SECRET } from './deliveries.mjs';
import { JWT_SECRET } from './pages.mjs';

/** Clock ticks per second of /proc (`getconf CLK_TCK`). */
const TICKS = 100;

/** Starts a server on an embedded database of its own. */
export async function startServer() {
  const dataDir = await mkdtemp(join(tmpdir(), 'eventline-attack-'));
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const server = spawn(process.execPath, [main, 'serve'], {
    env: {
      ...process.env,
      ...{ PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent' },
      ...{ WEBHOOK_SECRETS: SECRET, AUTH_JWT_SECRET: JWT_SECRET },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await urlOf(server);
  return {
    port: Number(new URL(url).port),
    cpuSeconds: () => cpuSeconds(server.pid),
    async close() {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** User and system time of a process, without its children. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The address that the server prints when it is ready. */
function urlOf(server) {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const url = /http:\/\/[\w.[\]:]+:\d+/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    });
    server.once('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
}
