import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.ts';

/** Asks a yes-or-no question; only a plain yes is one. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  // Not a terminal to readline: it would take Ctrl-C for itself. The question is no result.
  const reader = createInterface({ input: terminal.in, output: terminal.err, terminal: false });
  const ended = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
  try {
    const answer = reader.question(question, { signal: terminal.signal });
    return /^y(es)?$/i.test((await Promise.race([answer, ended])).trim());
  } finally {
    reader.close();
  }
}
