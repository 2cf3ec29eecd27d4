import { defineEvent } from '../define-event.ts';
import { messageFields } from './message-fields.ts';

export const messageRead = defineEvent({
  name: 'message_read',
  description: 'A message has been read.',
  fields: messageFields,
  example: {
    message_id: 'eda7c7ba-58d6-4943-9ebe-d0a8e4a7443e',
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    user_id: '32402404G',
    speciality: 'work',
    professional_id: 5,
  },
});
