/** The sender's integers according to its page (`user_logged_in`); others mean UNKNOWN. */
export const statusCodes = { FREE: 0, PREMIUM: 2, FREEMIUM: 4 } as const;

/** A user's plan by name; UNKNOWN for an integer without a published meaning. */
export type UserStatus = keyof typeof statusCodes | 'UNKNOWN';

const names: ReadonlyMap<unknown, UserStatus> = new Map(
  Object.entries(statusCodes).map(([name, code]) => [code, name as UserStatus]),
);

/** Returns the plan of an integer. */
export function statusName(code: number): UserStatus {
  return names.get(code) ?? 'UNKNOWN';
}
