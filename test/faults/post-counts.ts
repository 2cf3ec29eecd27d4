import { createDurations, type Durations } from './figures.ts';
import { createPauses, type Pauses } from './pauses.ts';

/** The results of posting to one server. */
export interface ServerCounts {
  /** Events that it appended. */
  stored: number;
  /** Answers 503. */
  unavailable: number;
  /** Attempts without a complete answer. */
  unanswered: number;
  /** Duration of acknowledged attempts. */
  acks: Durations;
  /** Time without an acknowledgement while a delivery waits for one. */
  pauses: Pauses;
  /** Called after each acknowledgement of a new event. */
  onStored: () => void;
}

export function createServerCounts(): ServerCounts {
  return {
    ...{ stored: 0, unavailable: 0, unanswered: 0 },
    acks: createDurations(),
    pauses: createPauses(),
    onStored: () => undefined,
  };
}
