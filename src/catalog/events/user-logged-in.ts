import { defineEvent } from '../define-event.ts';
import { status, userId, uuid } from '../field.ts';

export const userLoggedIn = defineEvent({
  name: 'user_logged_in',
  description: 'A user has logged in.',
  fields: {
    installation_id: uuid('The installation on which the user logged in.'),
    user_id: userId('The user who logged in.'),
    status: status("The user's plan at that moment.", { filter: 'statuses' }),
  },
  example: {
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    user_id: '32402404G',
    status: 2,
  },
});
