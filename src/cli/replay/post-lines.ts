import { setTimeout as wait } from 'node:timers/promises';
import type { Delivered } from '../deliver.ts';

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
  post: (text: string, to: { isFirst: boolean; signal: AbortSignal }) => Promise<Delivered>;
  onAnswer: (line: number, delivered: Delivered) => void;
}

/**
 * Posts lines that are not empty.
 *
 * @returns the line to go on from, if it was ended before the last one: all before it are answered
 * @throws what `post` has thrown
 */
export async function postLines(
  lines: AsyncIterable<string>,
  options: PostLinesOptions,
): Promise<number | undefined> {
  const { fromLine, parallel, rate, signal, post, onAnswer } = options;
  const underway = new Map<number, Promise<void>>();
  const giveUp = new AbortController();
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let number = 0;
  let begun = 0;
  let isFirst = true;
  let isWhole = true;
  let failure: { error: unknown } | undefined;

  async function postOne(line: number, text: string): Promise<void> {
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
      if (number < fromLine || text.trim() === '') continue;
      begun += 1;
      underway.set(number, postOne(number, text));
      // The first alone: if nobody is there, it is said at once.
      if (underway.size >= (isFirst ? 1 : parallel)) await Promise.race(underway.values());
      if (rate !== undefined) {
        const earlyMs = (begun / rate) * 1_000 - (performance.now() - startedMs);
        if (earlyMs > 0) await wait(earlyMs, undefined, { signal }).catch(() => undefined);
      }
    }
    await Promise.all(underway.values());
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onEnd);
  }
  if (failure && !signal.aborted) throw failure.error;
  if (isWhole && underway.size === 0) return undefined;
  return Math.min(number + 1, ...underway.keys());
}
