import { defineEvent } from '../define-event.ts';
import { status, userId } from '../field.ts';

export const userStatusChanged = defineEvent({
  name: 'user_status_changed',
  description: "A user's plan has changed. The event names no installation.",
  fields: {
    user_id: userId('The user whose plan changed.'),
    from_status: status('The previous plan.'),
    // Where the user is then, as in the logins: so each event is of one plan, and counts add up.
    to_status: status('The new plan.', { filter: 'statuses' }),
  },
  example: { user_id: '32402404G', from_status: 4, to_status: 0 },
});
