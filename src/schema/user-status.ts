import { builder } from './builder.ts';

/** The sender's integers, by the page of `user_logged_in`; others may come. */
const names: Readonly<Record<number, string>> = { 0: 'FREE', 2: 'PREMIUM', 4: 'FREEMIUM' };

export const UserStatusEnum = builder.enumType('UserStatus', {
  description: "A user's plan.",
  values: {
    FREE: { description: 'The sender writes 0.' },
    PREMIUM: { description: 'The sender writes 2.' },
    FREEMIUM: { description: 'The sender writes 4.' },
    UNKNOWN: { description: 'An integer that the sender has not explained; see the code beside.' },
  } as const,
});

type UserStatus = typeof UserStatusEnum.$inferType;

/** The plan of an integer; UNKNOWN for one that is not listed. */
export function userStatus(code: number): UserStatus {
  return (names[code] ?? 'UNKNOWN') as UserStatus;
}
