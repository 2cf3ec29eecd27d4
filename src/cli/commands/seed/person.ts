import type { Random } from './random.ts';

const CONTROL_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const SPECIALITIES = [
  ...['general', 'work', 'finance', 'law', 'taxes', 'insurance', 'housing'],
  ...['education', 'languages', 'travel', 'technology', 'design', 'music', 'trainer'],
];
const PROFESSIONALS = 300;
const PLANS = [0, 0, 0, 2, 4, 4];
const COVERAGES = ['collective 1', 'collective 2', 'individual', 'family', 'pilot 2026'];

export interface Message {
  message_id: string;
  speciality: string;
  professional_id: number;
}

/** A made-up user and their state at a moment of the simulation. */
export interface Person {
  readonly id: string;
  readonly phone: string;
  readonly email: string;
  readonly coverage: string;
  /** The professionals to whom they write. */
  readonly professionals: readonly Omit<Message, 'message_id'>[];
  /** The plan as the sender's integer. */
  status: number;
  installation: string | undefined;
  hasLoggedIn: boolean;
  isLoggedIn: boolean;
  /** Unread messages. */
  unread: Message[];
  /** Instant of their last action, in milliseconds since 1970. */
  lastMs: number;
}

/**
 * Creates a person. Ids look like national ones from an unassigned range; e-mail addresses use a
 * domain reserved for examples (RFC 2606).
 */
export function createPerson(index: number, random: Random): Person {
  const number = 99_000_000 + index;
  return {
    id: `${number}${CONTROL_LETTERS[number % CONTROL_LETTERS.length]}`,
    phone: String(600_000_000 + index),
    email: `person-${index}@example.com`,
    coverage: random.pick(COVERAGES),
    professionals: Array.from({ length: random.whole(1, 3) }, () => {
      const professional = random.whole(1, PROFESSIONALS);
      // Each professional has one speciality; a few specialities have many professionals.
      const rank = (professional / (PROFESSIONALS + 1)) ** 2;
      const speciality = SPECIALITIES[Math.floor(rank * SPECIALITIES.length)] ?? 'general';
      return { speciality, professional_id: professional };
    }),
    status: random.pick(PLANS),
    installation: undefined,
    hasLoggedIn: false,
    isLoggedIn: false,
    unread: [],
    lastMs: Number.NEGATIVE_INFINITY,
  };
}
