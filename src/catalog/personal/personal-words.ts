/** Words for "phone" and "e-mail" in payload keys, in lower case and without accents. */
interface PersonalWords {
  /** Matched anywhere in a key: `mail` in `useremails`. */
  readonly parts: readonly string[];
  /** Matched as a whole word, also in `TELS`, `telno` and `hometel`, but not in `hotel`. */
  readonly words: readonly string[];
}

/** By language code (ISO 639-1); `any` holds words that all languages share. */
export const personalWords: Readonly<Record<string, PersonalWords>> = {
  any: { parts: ['mail', 'msisdn', 'whatsapp'], words: ['tel', 'fax', 'telefax', 'sms', 'gsm'] },
  en: {
    parts: ['phone', 'mobil', 'landline', 'contactnum', 'callbacknum'],
    words: ['cell', 'cellular', 'mob', 'ph', 'contactno', 'contactnr'],
  },
  es: {
    parts: ['telefo', 'movil', 'correo', 'celular', 'numerocontacto', 'numerodecontacto'],
    words: ['tlf', 'tlfno', 'telf', 'tfno', 'tfn', 'cel', 'mov', 'fijo'],
  },
  ca: { parts: ['telefo', 'mobil', 'correu'], words: [] },
  gl: { parts: ['telefo', 'mobil', 'correo'], words: [] },
  eu: { parts: ['telefo', 'mugikor'], words: ['posta'] },
  pt: { parts: ['telefo', 'telemove', 'celular', 'correio'], words: ['movel', 'telem'] },
  fr: { parts: ['phone', 'mobil', 'courriel'], words: ['mel', 'portable', 'fixe'] },
  it: { parts: ['telefo', 'cellular', 'postaelettronica', 'recapito'], words: ['cell', 'fisso'] },
  de: { parts: ['telefo', 'mobil', 'rufnummer', 'handy'], words: ['fon', 'festnetz'] },
};

/** Words that are written together with one of `words`, before or after it: `hometel`, `telno`. */
export const wordsBefore = [
  'home',
  'work',
  'office',
  'business',
  'private',
  'privat',
  'user',
  'my',
];
export const wordsAfter = [
  ...['s', 'es', 'no', 'nos', 'nr', 'nrs', 'num', 'nums', 'number', 'numbers', 'nummer', 'numero'],
  ...['home', 'work', 'office', 'private', 'privat'],
];

/**
 * Keys that contain such a word, but whose values are not personal. Fields of the catalog without
 * `personal` need no entry.
 */
export const notPersonalKeys: readonly string[] = ['is_mobile', 'mobile_os', 'mobile_app_version'];
