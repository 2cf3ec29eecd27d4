import { statusCodes } from '../../catalog/user-status.ts';
import { builder } from '../builder.ts';

const asSent = (name: keyof typeof statusCodes) => ({
  description: `The sender writes ${statusCodes[name]}.`,
});

/** A plan; its internal values are the names. */
export const UserStatusEnum = builder.enumType('UserStatus', {
  description: "A user's plan.",
  values: {
    FREE: asSent('FREE'),
    PREMIUM: asSent('PREMIUM'),
    FREEMIUM: asSent('FREEMIUM'),
    UNKNOWN: { description: 'An integer that the sender has not explained; see the code beside.' },
  } as const,
});
