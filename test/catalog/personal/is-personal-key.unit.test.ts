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
    ...['telno', 'telnumber', 'TELNR', 'Telnr.', 'HOMETEL', 'worktel', 'faxnumber', 'faxNumbers'],
    ...['cellno', 'cellnumber', 'gsmno', 'smsnumber', 'contact_no', 'contactNo', 'MY_CONTACT_NO'],
    ...['T_E_L', 'f.a.x', 't e l 2', 'PORTABLES', 'TELS', 'FAXES', 'telhome', 'mobno', 'telnos'],
    ...['emaıl', 'emаil', 'ЕМАІL', 'рhоnе', 'Τеl', 'TELEFONO', 'ΤΕLΕFΟΝΟ'],
    ...['ana@mail.example', '+34666996699', '+34 666 99 66 99', '0034666996699'],
    ...[' (+34) 666-99-66-99', '+34–666–99–66–99', '00 34 666 996 699', '+ 34 666 996 699'],
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
    ...['motel', 'telling', 'hometown', 'workno', 'contact_notes', 'contactNorth', 'cellist'],
    ...['00000042', '0012', '2026-01-01', '001f7b2a4c6d8e90', '+1', 'имя', 'όνομα', 'isim'],
    ...['00a55ab4-9d09-4fbe-805e-ac91e62cae3f', '0012345678901234567890'],
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
