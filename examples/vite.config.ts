import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defineConfig } from 'vite';
import { withBackend } from './with-backend.ts';

const ROOT = join(import.meta.dirname, '..');

/** A token as a backend would sign it; here for all events, so that there is something to see. */
async function signToken(): Promise<string> {
  const args = ['dist/main.js', 'token', '--scope', 'events:read', '--expires', '10m'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  return stdout.trim();
}

export default defineConfig(
  withBackend({ eventlineUrl: process.env.EVENTLINE_URL ?? 'http://127.0.0.1:4000', signToken }),
);
