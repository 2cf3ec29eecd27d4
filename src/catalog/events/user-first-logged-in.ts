import { defineEvent } from '../define-event.ts';
import { email, status, text, userId, uuid } from '../field.ts';

export const userFirstLoggedIn = defineEvent({
  name: 'user_first_logged_in',
  description: 'A user has logged in for the first time; the event holds contact data.',
  fields: {
    installation_id: uuid('The installation on which the user logged in.'),
    user_id: userId('The user who logged in.'),
    status: status("The user's plan at that moment.", { filter: 'statuses' }),
    mobile_phone: text("The user's mobile phone number, without its prefix.", { personal: true }),
    mobile_phone_prefix: text('The country prefix of the phone number.', {
      personal: true,
    }),
    email: email("The user's e-mail; null when what was sent is not an address.", {
      personal: true,
    }),
    // Not personal: the sender uses it to group and filter users, so many users share a value.
    coverage_name: text(
      "The user's plan, group, contract or similar, by which this integration groups users.",
    ),
  },
  example: {
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    user_id: '32402404G',
    status: 2,
    mobile_phone: '666996699',
    mobile_phone_prefix: '34',
    email: 'user@testcompany.com',
    coverage_name: 'collective 1',
  },
});
