import { spawnSync } from 'node:child_process';

/**
 * Kills a process and all its descendants. Killing its process group is not enough: embedded
 * databases have process groups of their own.
 */
export function killTree(pid) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  // All are looked up first: the children of a dead parent get another parent.
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
  // The list grows during the loop, so that children of children are found.
  for (const parent of found) {
    for (const [pid, ppid] of processes) if (ppid === parent) found.push(pid);
  }
  return found.slice(1);
}
