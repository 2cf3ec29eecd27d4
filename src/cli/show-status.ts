import type { Terminal } from './terminal.ts';

/** Between two lines, in milliseconds: on a terminal one is written over the other. */
const TERMINAL_MS = 500;
const FILE_MS = 10_000;

/** Says on `err` now and then how something goes; on a terminal in one line that changes. */
export function showStatus(terminal: Pick<Terminal, 'err'>) {
  const isTerminal = (terminal.err as NodeJS.WriteStream).isTTY === true;
  let saidMs = performance.now();
  return {
    /** @param describe called when it is time to say something again */
    show(describe: () => string): void {
      const nowMs = performance.now();
      if (nowMs - saidMs < (isTerminal ? TERMINAL_MS : FILE_MS)) return;
      saidMs = nowMs;
      terminal.err.write(isTerminal ? `\r\x1b[K${describe()}` : `${describe()}\n`);
    },
    end(): void {
      if (isTerminal) terminal.err.write('\r\x1b[K');
    },
  };
}
