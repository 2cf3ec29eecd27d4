import { createHash } from 'node:crypto';

/** The events of a run, line by line: the same seed gives the same bytes. */
export interface Trace {
  add(line: string): void;
  /** SHA-256 of all lines so far, in hex. */
  digest(): string;
  /** The last lines. */
  lines(): readonly string[];
}

/** Characters that are hashed at once. */
const CHUNK = 10_000;

/** @param keep number of lines to keep; the digest covers all lines */
export function createTrace(nowMs: () => number, keep: number): Trace {
  const hash = createHash('sha256');
  let kept: string[] = [];
  let unhashed = '';
  return {
    add(text) {
      const line = `${nowMs()} ${text}`;
      unhashed += `${line}\n`;
      if (unhashed.length > CHUNK) {
        hash.update(unhashed);
        unhashed = '';
      }
      if (keep === 0) return;
      kept.push(line);
      if (kept.length > 2 * keep) kept = kept.slice(-keep);
    },
    digest: () => hash.copy().update(unhashed).digest('hex'),
    lines: () => kept.slice(-keep),
  };
}
