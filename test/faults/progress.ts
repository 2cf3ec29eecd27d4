const TERMINAL_MS = 500;
const FILE_MS = 10_000;

/** Shows progress on standard error: in one line of a terminal, otherwise as occasional lines. */
export function showProgress(say: () => string): { close(): void } {
  const { isTTY } = process.stderr;
  const show = () => process.stderr.write(isTTY ? `\r\x1b[K${say()}` : `${say()}\n`);
  const timer = setInterval(show, isTTY ? TERMINAL_MS : FILE_MS);
  return {
    close() {
      clearInterval(timer);
      if (isTTY) process.stderr.write('\r\x1b[K');
    },
  };
}
