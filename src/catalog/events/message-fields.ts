import { integer, text, userId, uuid } from '../field.ts';

/** What the sender's documentation lists for both message_sent and message_read. */
export const messageFields = {
  message_id: uuid('The id of the message.'),
  installation_id: uuid('The installation of the app on which it happened.'),
  user_id: userId('The user of the conversation.'),
  speciality: text('The name of the speciality that was written to.', {
    filter: 'specialities',
  }),
  professional_id: integer('The identifier of the professional.', { filter: 'professionalIds' }),
};
