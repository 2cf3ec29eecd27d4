import { statusCodes } from '../../catalog/user-status.ts';
import { builder } from '../builder.ts';

const asSent = (name: keyof typeof statusCodes) => ({
  description: `The sender's integer ${statusCodes[name]}.`,
});

/** A plan; its internal values are the names. */
export const UserStatusEnum = builder.enumType('UserStatus', {
  description: "A user's plan.",
  values: {
    FREE: asSent('FREE'),
    PREMIUM: asSent('PREMIUM'),
    FREEMIUM: asSent('FREEMIUM'),
    UNKNOWN: {
      description:
        'Any other integer; see the field `statusCode`, `fromStatusCode` or `toStatusCode`.',
    },
  } as const,
});
