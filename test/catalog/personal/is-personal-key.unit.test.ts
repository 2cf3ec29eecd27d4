import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog/catalog.ts';
import { isPersonalKey } from '../../../src/catalog/personal/is-personal-key.ts';

describe('keys that contain a personal word are personal', () => {
  test.each([
    ...[
      'email',
      'userEmail',
      'emails',
      'email_address',
      'EMAIL',
      'eMail',
      'e-mail',
      'E_MAIL',
      'work.email',
      'contact_number',
      'numeroDeContacto',
    ],
    ...[
      'useremail',
      'EMAILADDRESS',
      'email2',
      'mailTo',
      'backup mail',
      'ｅｍａｉｌ',
      'e\u200bmail',
      'é-mail',
    ],
    ...[
      'phone',
      'phones',
      'phone_number',
      'contactPhone',
      'PHONE',
      'telephone',
      'phone1',
      'homephone',
    ],
    ...[
      'mobile',
      'mobiles',
      'mobileNumber',
      'mobile_phone_x',
      'cell',
      'cellNo',
      'tel',
      'homeTel',
      'HOMETel',
    ],
    ...[
      'tels',
      'fax',
      'faxes',
      'sms_to',
      'whatsapp',
      'msisdn',
      'contact.tel',
      'contact[tel]',
      'tel2',
    ],
    ...[
      'telefono',
      'teléfono',
      'TELÉFONO',
      'telefonoMovil',
      'telefonos',
      'movil',
      'móvil',
      'móviles',
      'tlf',
    ],
    ...[
      'tfno',
      'num_telf',
      'celular',
      'correo',
      'correoElectronico',
      'correo_electrónico',
      'correos',
    ],
    ...[
      'telèfon',
      'mòbil',
      'correu',
      'telefone',
      'telemóvel',
      'courriel',
      'téléphone',
      'cellulare',
    ],
    ...['Telefonnummer', 'Handynummer', 'Rufnummer', 'mugikorra', 'posta', 'cellulari', 'e_posta'],
    ...['ana@mail.example', '+34666996699'],
  ])('%s', (key) => {
    expect(isPersonalKey(key)).toBe(true);
  });
});

describe('keys that contain its letters by chance are not', () => {
  test.each([
    ...['', '0', 'status', 'name', 'hotel', 'telemetry', 'intel', 'cancelled', 'excellent'],
    ...[
      'postal_code',
      'movement',
      'id',
      '__proto__',
      'constructor',
      'then',
      'model',
      'smart',
      'phase',
    ],
  ])('%s', (key) => {
    expect(isPersonalKey(key)).toBe(false);
  });
});

test('a key too long for the cache is classified each time, with the same result', () => {
  expect(isPersonalKey(`${'x'.repeat(100)}_email`)).toBe(true);
  expect(isPersonalKey('x'.repeat(100))).toBe(false);
});

test('a declared key follows its declaration, in any spelling', () => {
  for (const { fields } of catalog) {
    for (const [key, { personal }] of Object.entries(fields)) {
      expect([key, isPersonalKey(key)]).toEqual([key, personal]);
      expect(isPersonalKey(key.toUpperCase().replaceAll('_', '-'))).toBe(personal);
    }
  }
  // Declared as not personal although they contain a personal word.
  for (const key of ['is_mobile', 'isMobile', 'mobile_os']) expect(isPersonalKey(key)).toBe(false);
});
