import { defineEvent } from '../define-event.ts';
import { userId, uuid } from '../field.ts';

export const appUninstalled = defineEvent({
  name: 'app_uninstalled',
  description: 'The app has been removed from a device.',
  fields: {
    installation_id: uuid('The installation that was removed.'),
    user_id: userId('Its user; null if no user was logged in.', { nullable: true }),
  },
  example: {
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    user_id: '32402404G',
  },
});
