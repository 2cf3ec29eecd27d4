import { defineEvent } from '../define-event.ts';
import { userId, uuid } from '../field.ts';

export const appOpened = defineEvent({
  name: 'app_opened',
  description: 'A user has opened the app.',
  fields: {
    installation_id: uuid('The installation that was opened.'),
    user_id: userId('The user who opened it.'),
  },
  example: {
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    user_id: '32402404G',
  },
});
