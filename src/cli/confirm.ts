import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Asks a yes-or-no question; only an explicit yes confirms. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  // `terminal: false`: otherwise readline would handle Ctrl-C. The question goes to stderr, since
  // it is not a result.
  const reader = createInterface({ input: terminal.in, output: terminal.err, terminal: false });
  const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
  try {
    const answer = reader.question(question, { signal: terminal.signal });
    return /^y(es)?$/i.test((await Promise.race([answer, ended])).trim());
  } finally {
    reader.close();
  }
}
