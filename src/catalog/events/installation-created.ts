import { defineEvent } from '../define-event.ts';
import { text, uuid } from '../field.ts';

export const installationCreated = defineEvent({
  name: 'installation_created',
  description: 'The app has been installed on a device. No user is known yet.',
  fields: {
    installation_id: uuid('The unique id of the new installation.'),
    os_name: text('The name of the operating system.'),
    os_version: text('The version of the operating system.'),
    device_model: text('The model of the device.'),
    language_code: text('The code of the language; null when not known.', {
      nullable: true,
    }),
    country_code: text('The code of the country; null when not known.', {
      nullable: true,
    }),
  },
  example: {
    installation_id: 'ba55ab42-9d09-4fbe-805e-ac91e62cae3f',
    os_name: 'ios',
    os_version: '16.0.2',
    device_model: 'iPhone13,2',
    language_code: 'es',
    country_code: 'es',
  },
});
