import { showStatus } from './show-status.ts';
import type { Terminal } from './terminal.ts';

/** Prints the progress of a task to `err`: share done, rate, and remaining time. */
export function showProgress(terminal: Pick<Terminal, 'err'>, total: number, of = 'events') {
  const startedMs = performance.now();
  const { show, end } = showStatus(terminal);
  return {
    report(done: number): void {
      show(() => describeProgress(done, total, performance.now() - startedMs, of));
    },
    end,
  };
}

/** `312,000 of 1,000,000 events (31 %), 5,120/s, 2 min 15 s left` */
export function describeProgress(
  done: number,
  total: number,
  elapsedMs: number,
  of = 'events',
): string {
  const rate = done / Math.max(1, elapsedMs / 1_000);
  const leftMs = ((total - done) / Math.max(1, rate)) * 1_000;
  const percent = Math.floor((100 * done) / total);
  return `${grouped(done)} of ${grouped(total)} ${of} (${percent} %), ${grouped(Math.round(rate))}/s, ${duration(leftMs)} left`;
}

/** `1,000,000` */
export function grouped(number: number): string {
  return number.toLocaleString('en');
}

/** `45 s`, `2 min 15 s` */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
