import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';

const PERIOD_US = 100_000;

/**
 * Limits this process, and all processes that it starts from now on, to a number of CPU cores.
 *
 * @param cores such as 1 or 0.5
 * @returns a function that lifts the limit for this process
 * @throws where there are no Linux control groups that this user may create
 */
export function limitCpu(cores) {
  const group = `eventline-stress-${process.pid}`;
  // https://docs.kernel.org/admin-guide/cgroup-v2.html, and cgroup-v1/cgroups.html for older systems.
  const isV2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const parent = isV2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpu';
  const directory = `${parent}/${group}`;
  const quotaUs = Math.round(cores * PERIOD_US);
  mkdirSync(directory);
  if (isV2) writeFileSync(`${directory}/cpu.max`, `${quotaUs} ${PERIOD_US}`);
  else {
    writeFileSync(`${directory}/cpu.cfs_period_us`, String(PERIOD_US));
    writeFileSync(`${directory}/cpu.cfs_quota_us`, String(quotaUs));
    // The kernel weighs a group like a single process of its parent.
    writeFileSync(`${directory}/cpu.shares`, '8192');
  }
  writeFileSync(`${directory}/cgroup.procs`, String(process.pid));
  return () => {
    writeFileSync(`${parent}/cgroup.procs`, String(process.pid));
    // Fails while processes are still ending; an empty group costs nothing.
    try {
      rmdirSync(directory);
    } catch (error) {
      if (error.code !== 'EBUSY') throw error;
    }
  };
}
