import type { Terminal } from '../terminal.ts';

/** Between two lines, in milliseconds: on a terminal one is written over the other. */
const TERMINAL_MS = 500;
const FILE_MS = 10_000;

/**
 * Says on `err` how far a work of so many events has come, how fast it goes and how long it may
 * still take; on a terminal in one line that changes.
 */
export function showProgress(terminal: Terminal, events: number) {
  const isTerminal = (terminal.err as NodeJS.WriteStream).isTTY === true;
  const startedMs = performance.now();
  let saidMs = startedMs;
  return {
    tell(done: number): void {
      const nowMs = performance.now();
      if (nowMs - saidMs < (isTerminal ? TERMINAL_MS : FILE_MS)) return;
      saidMs = nowMs;
      const text = describeProgress(done, events, nowMs - startedMs);
      terminal.err.write(isTerminal ? `\r\x1b[K${text}` : `${text}\n`);
    },
    end(): void {
      if (isTerminal) terminal.err.write('\r\x1b[K');
    },
  };
}

/** `312,000 of 1,000,000 events (31 %), 5,120/s, 2 min 15 s left` */
export function describeProgress(done: number, events: number, elapsedMs: number): string {
  const rate = done / Math.max(1, elapsedMs / 1_000);
  const leftMs = ((events - done) / Math.max(1, rate)) * 1_000;
  const percent = Math.floor((100 * done) / events);
  return `${grouped(done)} of ${grouped(events)} events (${percent} %), ${grouped(Math.round(rate))}/s, ${duration(leftMs)} left`;
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
