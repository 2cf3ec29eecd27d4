import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Delivered } from '../../deliver.ts';

/** How long what is under way may take when it is ended, in milliseconds. */
const END_MS = 10_000;

export interface PostLinesOptions {
  /** The first line to post, from 1. */
  fromLine: number;
  /** So many at once; 1 keeps their order. */
  parallel: number;
  /** Lines a second at the most. */
  rate?: number | undefined;
  /** Ends it: no line is begun any more, and what is under way is waited for. */
  signal: AbortSignal;
  /** Posts a line until it is answered. `isFirst` until one was. */
  post: (text: Buffer, to: { isFirst: boolean; signal: AbortSignal }) => Promise<Delivered>;
  onAnswer: (line: number, delivered: Delivered) => void;
}

export interface Posted {
  /** The line to go on from, if it was ended before the last one: all before it are answered. */
  goOnFrom?: number;
  /** What has ended it, if that was not the signal: what `post` or the lines have thrown. */
  failure?: unknown;
}

/** Posts lines that are not empty. */
export async function postLines(
  lines: AsyncIterable<Buffer>,
  options: PostLinesOptions,
): Promise<Posted> {
  const { fromLine, parallel, rate, signal, post, onAnswer } = options;
  const underway = new Map<number, Promise<void>>();
  const giveUp = new AbortController();
  // Each line that is under way listens to it.
  setMaxListeners(0, giveUp.signal);
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let number = 0;
  let begun = 0;
  let isFirst = true;
  let isWhole = true;
  let failure: { error: unknown } | undefined;

  async function postOne(line: number, text: Buffer): Promise<void> {
    try {
      const delivered = await post(text, { isFirst, signal: giveUp.signal });
      isFirst = false;
      onAnswer(line, delivered);
      underway.delete(line);
    } catch (error) {
      failure ??= { error };
    }
  }

  const onEnd = () => {
    timer = setTimeout(() => giveUp.abort(), END_MS);
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
      underway.set(number, postOne(number, text));
      // The first alone: if nobody is there, it is said at once.
      if (underway.size >= (isFirst ? 1 : parallel)) await Promise.race(underway.values());
      if (rate !== undefined) {
        const earlyMs = (begun / rate) * 1_000 - (performance.now() - startedMs);
        if (earlyMs > 0) await wait(earlyMs, undefined, { signal }).catch(() => undefined);
      }
    }
  } catch (error) {
    // The end of a stream that was ended is no failure.
    failure ??= { error };
    isWhole = false;
  }
  // One that failed stays there; it is told by `failure`.
  await Promise.all(underway.values());
  clearTimeout(timer);
  signal.removeEventListener('abort', onEnd);
  if (isWhole && underway.size === 0) return {};
  const goOnFrom = Math.min(number + 1, ...underway.keys());
  return failure && !signal.aborted ? { goOnFrom, failure: failure.error } : { goOnFrom };
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}
