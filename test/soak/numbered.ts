import { randomUUID } from 'node:crypto';

/** Each user's deliveries carry consecutive numbers, so that a reader notices what it missed. */
export interface Numbered {
  userId: string;
  number: number;
}

/** Returns the body of a delivery that carries a user's number. */
export function numberedBody({ userId, number }: Numbered): string {
  return JSON.stringify({
    type: 'message_sent',
    occurred_on: new Date().toISOString(),
    payload: {
      ...{ user_id: userId, message_id: randomUUID(), installation_id: randomUUID() },
      ...{ speciality: 'work', professional_id: number },
    },
  });
}

export interface NumberedEvent {
  cursor: string;
  userId: string;
  professionalId: number;
}

/** The document of the subscribers. */
export const NUMBERED = `subscription Soak($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { cursor userId ... on MessageSent { professionalId } }
}`;

/** Checks that each user's numbers are consecutive. */
export function createNumberCheck() {
  let last = new Map<string, number>();
  return {
    /** Returns what is wrong with this number, if anything; a user's first one is right. */
    take({ userId, number }: Numbered): 'lost' | 'doubled' | undefined {
      const before = last.get(userId);
      if (before !== undefined && number <= before) return 'doubled';
      last.set(userId, number);
      return before === undefined || number === before + 1 ? undefined : 'lost';
    },
    /** The last number of a user, or undefined. */
    last: (userId: string) => last.get(userId),
    /** Starts again, like a reader without a cursor. */
    forget() {
      last = new Map();
    },
  };
}
