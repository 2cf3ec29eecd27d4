import { createDurations, type Durations } from './figures.ts';
import { createPauses, type Pauses } from './pauses.ts';

/** What posting to one server came to. */
export interface ServerCounts {
  /** Events that it appended. */
  stored: number;
  /** Answers 503. */
  unavailable: number;
  /** Attempts without a whole answer. */
  unanswered: number;
  /** How long acknowledgements took, one attempt each. */
  acks: Durations;
  /** Between two acknowledgements. */
  pauses: Pauses;
}

export function createServerCounts(): ServerCounts {
  return {
    ...{ stored: 0, unavailable: 0, unanswered: 0 },
    acks: createDurations(),
    pauses: createPauses(),
  };
}
