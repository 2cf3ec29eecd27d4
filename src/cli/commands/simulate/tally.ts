import type { Delivered } from '../../deliver.ts';
import { printable } from '../../terminal.ts';
import type { Kind } from './make-traffic.ts';

export type Sort = Kind | 'repeat';

interface Expectation {
  label: string;
  says: string;
  /**
   * Returns true for the expected answer; `first` is that of the delivery that this one repeats.
   */
  isRight: (delivered: Delivered, first?: First) => boolean;
}

/** The delivery that another one repeats. */
export interface First {
  delivered: Delivered | undefined;
  /** Whether both were posted at the same moment. */
  isConcurrent: boolean;
}

const isStored = ({ httpStatus, answer, retries }: Delivered) =>
  httpStatus === 200 &&
  (answer?.status === 'stored' || (retries > 0 && answer?.status === 'duplicate'));

/** With several instances, an event in the inbox has no position yet. */
const isSamePosition = (one: unknown, other: unknown) =>
  one === undefined || other === undefined || one === other;

/**
 * Of two deliveries at the same moment, an instance with the writer lease and one without it may
 * both answer `stored`: the latter gives no position.
 */
const isStoredByTwo = (one: Delivered['answer'], other: Delivered['answer']) =>
  one?.status === 'stored' &&
  other?.status === 'stored' &&
  (one.position === undefined || other.position === undefined);

/** The expected answers by kind of delivery. */
export const expectations: Readonly<Record<Sort, Expectation>> = {
  event: { label: 'events', says: '200 stored', isRight: isStored },
  unknown: { label: 'of unknown types', says: '200 stored', isRight: isStored },
  repeat: {
    label: 'redeliveries',
    says: '200 duplicate, the same id, and the same position where both have one',
    isRight({ httpStatus, answer }, first) {
      const earlier = first?.delivered?.answer;
      const isRepeat =
        answer?.status === 'duplicate' || (first?.isConcurrent && isStoredByTwo(answer, earlier));
      return (
        httpStatus === 200 &&
        isRepeat === true &&
        answer?.id === earlier?.id &&
        isSamePosition(answer?.position, earlier?.position)
      );
    },
  },
  forged: {
    label: 'with a wrong signature',
    says: '401',
    isRight: ({ httpStatus }) => httpStatus === 401,
  },
  malformed: { label: 'malformed', says: '200 stored', isRight: isStored },
  unreadable: {
    label: 'unreadable',
    says: '400 or 422, kept in quarantine',
    isRight: ({ httpStatus, answer }) =>
      (httpStatus === 400 || httpStatus === 422) && answer?.quarantined === true,
  },
};

export interface Count {
  sent: number;
  asExpected: number;
  otherwise: number;
  /** Retries: after 503, or without an answer. */
  triedAgain: number;
  /** Without an answer at the end. */
  unanswered: number;
}

/** Maximum number of sampled response times. */
const MAX_SAMPLES = 100_000;
/** Maximum number of distinct unexpected answers that are printed. */
const MAX_DESCRIPTIONS = 5;

/** Counts deliveries and answers. */
export function createTally() {
  const counts = new Map<Sort, Count>();
  const times: number[] = [];
  /** Unexpected answers as text, without any part of a body. */
  const unexpected = new Set<string>();
  let answers = 0;

  function countOf(sort: Sort): Count {
    const known = counts.get(sort);
    if (known) return known;
    const fresh = { sent: 0, asExpected: 0, otherwise: 0, triedAgain: 0, unanswered: 0 };
    counts.set(sort, fresh);
    return fresh;
  }

  return {
    counts: counts as ReadonlyMap<Sort, Readonly<Count>>,
    unexpected: unexpected as ReadonlySet<string>,
    sent(sort: Sort): void {
      countOf(sort).sent += 1;
    },
    answered(sort: Sort, delivered: Delivered, first?: First): void {
      const count = countOf(sort);
      const { label, says, isRight } = expectations[sort];
      const isExpected = isRight(delivered, first);
      count[isExpected ? 'asExpected' : 'otherwise'] += 1;
      count.triedAgain += delivered.retries;
      answers += 1;
      times[times.length < MAX_SAMPLES ? times.length : answers % MAX_SAMPLES] = delivered.answerMs;
      if (isExpected) return;
      const { httpStatus, answer } = delivered;
      // In an error `status` repeats the number (RFC 9457), and `title` names the problem.
      const word = httpStatus === 200 ? answer?.status : answer?.title;
      const description = printable(
        `${label}: expected ${says}, got ${httpStatus} ${word ?? ''}`.trim(),
      );
      if (unexpected.size < MAX_DESCRIPTIONS) unexpected.add(description);
    },
    unanswered(sort: Sort): void {
      countOf(sort).unanswered += 1;
    },
    /** Sum over all kinds. */
    total(): Count {
      const all = { sent: 0, asExpected: 0, otherwise: 0, triedAgain: 0, unanswered: 0 };
      for (const count of counts.values()) {
        for (const key of Object.keys(all) as (keyof Count)[]) all[key] += count[key];
      }
      return all;
    },
    /** Returns the response time that this share of answers did not exceed, in milliseconds. */
    answerMs(share: number): number {
      const sorted = times.toSorted((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    },
  };
}

export type Tally = ReturnType<typeof createTally>;
