import { table } from '../../table.ts';
import type { ReadBack } from './read-back.ts';
import { expectations, type Sort, type Tally } from './tally.ts';

export interface Outcome {
  seed: number;
  tookMs: number;
  tally: Tally;
  readBack?: ReadBack | undefined;
}

const HEADINGS = ['', 'sent', 'expected answer', 'as expected', 'unexpected', 'retries'];

/** Formats the outcome: a table with a line about times, or one JSON object. */
export function describeOutcome({ tally, ...rest }: Outcome, json: boolean): string[] {
  const answerMs = { p50: round(tally.answerMs(0.5)), p99: round(tally.answerMs(0.99)) };
  if (json) {
    return [JSON.stringify({ ...rest, answerMs, counts: Object.fromEntries(tally.counts) })];
  }
  const sorts = (Object.keys(expectations) as Sort[]).filter((sort) => tally.counts.has(sort));
  const rows = sorts.map((sort) => {
    const { label, says } = expectations[sort];
    const count = tally.counts.get(sort);
    const numbers = [count?.asExpected, count?.otherwise, count?.triedAgain];
    return [label, String(count?.sent), says, ...numbers.map(String)];
  });
  const seconds = rest.tookMs / 1_000;
  const rate = round(tally.total().sent / Math.max(0.001, seconds));
  return [
    ...table([HEADINGS, ...rows]),
    ...tally.unexpected,
    `${round(seconds)} s, ${rate} posts a second; half were answered within ${answerMs.p50} ms, 99 of 100 within ${answerMs.p99} ms.`,
  ];
}

/** Describes the result of reading everything back. */
export function describeReadBack(back: ReadBack): string {
  const { found, missing, doubled, different, intruders, others } = back;
  return `Read back: ${found} events as they were sent, each once; ${missing} missing, ${doubled} twice, ${different} different, ${intruders} that must not be there; ${others} others.`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
