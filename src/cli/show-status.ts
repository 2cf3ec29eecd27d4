import { printable, type Terminal } from './terminal.ts';

/**
 * Minimum interval between lines in milliseconds; on a terminal a line replaces the previous one.
 */
const TERMINAL_MS = 500;
const FILE_MS = 10_000;

/** Prints a status to `err` at intervals; on a terminal in one line that is updated. */
export function showStatus(terminal: Pick<Terminal, 'err' | 'nowMs'>) {
  const { nowMs = () => performance.now() } = terminal;
  const isTerminal = (terminal.err as NodeJS.WriteStream).isTTY === true;
  let reportedAtMs = nowMs();
  return {
    /** @param describe called when the next line is due; it may quote what a server sent */
    show(describe: () => string): void {
      const atMs = nowMs();
      if (atMs - reportedAtMs < (isTerminal ? TERMINAL_MS : FILE_MS)) return;
      reportedAtMs = atMs;
      const text = printable(describe());
      terminal.err.write(isTerminal ? `\r\x1b[K${text}` : `${text}\n`);
    },
    end(): void {
      if (isTerminal) terminal.err.write('\r\x1b[K');
    },
  };
}
