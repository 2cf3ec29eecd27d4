import { spawnSync } from 'node:child_process';

/**
 * Ends a process and all that it has started, at once. A process group would not do: embedded
 * databases have groups of their own.
 */
export function killTree(pid) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  // Looked up first: a process whose parent is gone can no longer be found by it.
  for (const each of [pid, ...descendantsOf(pid)]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

function descendantsOf(root) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const processes = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  // The list grows while it is walked: children of children are found as well.
  for (const parent of found) {
    for (const [pid, ppid] of processes) if (ppid === parent) found.push(pid);
  }
  return found.slice(1);
}
