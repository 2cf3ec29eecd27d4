import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Delivered } from '../../deliver.ts';

/** Time limit for pending requests after an interrupt, in milliseconds. */
const END_MS = 10_000;

export interface PostLinesOptions {
  /** The first line to post, starting at 1. */
  fromLine: number;
  /** Concurrent requests; 1 preserves the order. */
  parallel: number;
  /** Maximum lines per second. */
  rate?: number | undefined;
  /** Stops before the next line; pending requests are awaited. */
  signal: AbortSignal;
  /** Posts a line until it is answered. `isFirst` until the first answer. */
  post: (text: Buffer, to: { isFirst: boolean; signal: AbortSignal }) => Promise<Delivered>;
  onAnswer: (line: number, delivered: Delivered) => void;
}

export interface Posted {
  /** The line from which to resume an incomplete run; all earlier lines are answered. */
  resumeFromLine?: number;
  /** The error of `post` or of the lines that ended the run, if any. */
  failure?: unknown;
}

/** Posts all non-empty lines. */
export async function postLines(
  lines: AsyncIterable<Buffer>,
  options: PostLinesOptions,
): Promise<Posted> {
  const { fromLine, parallel, rate, signal, post, onAnswer } = options;
  const inFlight = new Map<number, Promise<void>>();
  const abandon = new AbortController();
  // Each pending line adds a listener.
  setMaxListeners(0, abandon.signal);
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let number = 0;
  let begun = 0;
  let isFirst = true;
  let isWhole = true;
  let failure: { error: unknown } | undefined;

  async function postOne(line: number, text: Buffer): Promise<void> {
    try {
      const delivered = await post(text, { isFirst, signal: abandon.signal });
      isFirst = false;
      onAnswer(line, delivered);
      inFlight.delete(line);
    } catch (error) {
      failure ??= { error };
    }
  }

  const onEnd = () => {
    timer = setTimeout(() => abandon.abort(), END_MS);
  };
  signal.addEventListener('abort', onEnd, { once: true });
  try {
    for await (const text of lines) {
      if (signal.aborted || failure) {
        isWhole = false;
        break;
      }
      number += 1;
      if (number < fromLine || isBlank(text)) continue;
      begun += 1;
      inFlight.set(number, postOne(number, text));
      // The first line is posted alone, so that a missing server is reported once.
      if (inFlight.size >= (isFirst ? 1 : parallel)) await Promise.race(inFlight.values());
      if (rate !== undefined) {
        const earlyMs = (begun / rate) * 1_000 - (performance.now() - startedMs);
        if (earlyMs > 0) await wait(earlyMs, undefined, { signal }).catch(() => undefined);
      }
    }
  } catch (error) {
    // An interrupted stream is not a failure.
    failure ??= { error };
    isWhole = false;
  }
  // A failed line remains here; `failure` reports it.
  await Promise.all(inFlight.values());
  clearTimeout(timer);
  signal.removeEventListener('abort', onEnd);
  if (isWhole && inFlight.size === 0) return {};
  const resumeFromLine = Math.min(number + 1, ...inFlight.keys());
  return failure && !signal.aborted
    ? { resumeFromLine, failure: failure.error }
    : { resumeFromLine };
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}
