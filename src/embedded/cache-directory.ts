import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Returns the directory for downloaded programs, shared by all checkouts:
 * `$XDG_CACHE_HOME/eventline`, else `~/.cache/eventline`; on Windows `%LOCALAPPDATA%\eventline`.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  const xdg = env.XDG_CACHE_HOME;
  // The XDG Base Directory Specification says that relative paths must be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'eventline');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'eventline');
  return join(env.HOME || homedir(), '.cache', 'eventline');
}
