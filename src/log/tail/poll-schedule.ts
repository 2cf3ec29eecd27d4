/**
 * Without new events for this long, polls are rare while the change stream answers. In
 * milliseconds.
 */
const QUIET_MS = 10_000;
const QUIET_POLL_MS = 5_000;
/** An open change stream answers at least every 2 s. */
const STREAM_ALIVE_MS = 4_000;

/** Decides when the log is polled for events that caused no notification. */
export interface PollSchedule {
  onEvent(): void;
  /** Called for each answer of the change stream. */
  onAnswer(): void;
  onPoll(): void;
  /** True at each call while events arrive or the stream is silent, otherwise every few seconds. */
  isDue(): boolean;
}

/** @param nowMs monotonic milliseconds */
export function createPollSchedule(nowMs: () => number = () => performance.now()): PollSchedule {
  let eventAtMs = nowMs();
  let answerAtMs = Number.NEGATIVE_INFINITY;
  let pollAtMs = Number.NEGATIVE_INFINITY;
  const isOlder = (atMs: number, ageMs: number) => nowMs() - atMs >= ageMs;
  return {
    onEvent() {
      eventAtMs = nowMs();
    },
    onAnswer() {
      answerAtMs = nowMs();
    },
    onPoll() {
      pollAtMs = nowMs();
    },
    isDue: () =>
      !isOlder(eventAtMs, QUIET_MS) ||
      isOlder(answerAtMs, STREAM_ALIVE_MS) ||
      isOlder(pollAtMs, QUIET_POLL_MS),
  };
}
