import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessIdentity {
  /** Start time: a pid may be reused, a pid with its start time is unique. */
  start: string | undefined;
  /** The command line, joined by spaces; empty if it cannot be read. */
  command: string;
}

/**
 * Returns the process that has `pid` now, or undefined if none is alive. A zombie counts as dead:
 * where pid 1 does not reap (as in many containers) an ended orphan stays one.
 */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
    // Another user's process is alive; a restricted /proc tells nothing more.
  }
  try {
    if (process.platform === 'linux') return await fromProc(pid);
    if (process.platform === 'win32') return await fromPowerShell(pid);
    return await fromPs(pid);
  } catch {
    return { start: undefined, command: '' };
  }
}

async function fromProc(pid: number): Promise<ProcessIdentity | undefined> {
  const [stat, command, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    // Start times count from boot, so they may repeat after a reboot.
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  // The second field is the program's name in brackets and may itself contain brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X') return undefined;
  return { start: `${boot.trim()}/${start}`, command: command.replaceAll('\0', ' ').trim() };
}

async function fromPs(pid: number): Promise<ProcessIdentity | undefined> {
  const columns = ['-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'args=', '-p', String(pid)];
  // Both processes must read the same text, whatever their locale and time zone.
  const { stdout } = await run('ps', columns, {
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  const [state = '', ...words] = stdout.trim().split(/\s+/);
  if (state === '' || state.startsWith('Z')) return undefined;
  return { start: words.slice(0, 5).join(' '), command: words.slice(5).join(' ') };
}

async function fromPowerShell(pid: number): Promise<ProcessIdentity | undefined> {
  const script =
    `$p = Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}'; ` +
    'if ($p) { $p.CreationDate.ToFileTimeUtc(); $p.CommandLine }';
  const { stdout } = await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', script]);
  const [start, ...command] = stdout.trim().split(/\r?\n/);
  return start ? { start, command: command.join(' ') } : undefined;
}
