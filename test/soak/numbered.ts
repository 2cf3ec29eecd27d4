import { randomUUID } from 'node:crypto';

/** What is posted for a user carries a number that grows by 1, so that a reader sees what it missed. */
export interface Numbered {
  userId: string;
  number: number;
}

/** The body of a delivery that carries a user's number. */
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

/** What subscribers select of it. */
export const NUMBERED = `subscription Soak($filter: EventFilter, $after: String) {
  events(filter: $filter, after: $after) { cursor userId ... on MessageSent { professionalId } }
}`;

/** Checks that each user's numbers come one after the other. */
export function createNumberCheck() {
  let last = new Map<string, number>();
  return {
    /** What is wrong with this one, if anything; the first of a user is right. */
    take({ userId, number }: Numbered): 'lost' | 'doubled' | undefined {
      const before = last.get(userId);
      if (before !== undefined && number <= before) return 'doubled';
      last.set(userId, number);
      return before === undefined || number === before + 1 ? undefined : 'lost';
    },
    /** The last number of a user; undefined where none came. */
    last: (userId: string) => last.get(userId),
    /** Begins anew, as one who comes without a cursor. */
    forget() {
      last = new Map();
    },
  };
}
