/** The sender's integers, by the page of `user_logged_in`; others may come and mean UNKNOWN. */
export const statusCodes = { FREE: 0, PREMIUM: 2, FREEMIUM: 4 } as const;

/** A user's plan by its name; UNKNOWN for an integer that the sender has not explained. */
export type UserStatus = keyof typeof statusCodes | 'UNKNOWN';

const names: ReadonlyMap<unknown, UserStatus> = new Map(
  Object.entries(statusCodes).map(([name, code]) => [code, name as UserStatus]),
);

/** The plan of an integer as sent. */
export function statusName(code: number): UserStatus {
  return names.get(code) ?? 'UNKNOWN';
}
