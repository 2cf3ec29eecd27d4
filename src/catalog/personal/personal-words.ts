/** How a language writes "phone" and "e-mail" in keys, in lower case and without accents. */
interface PersonalWords {
  /** Count anywhere in a key: `mail` in `useremails`. */
  readonly parts: readonly string[];
  /** Count as a word of a key or its plural: `tel` in `home_tel`, not in `hotel`. */
  readonly words: readonly string[];
}

/** By ISO 639-1; `any` is used in all of them. Another language is one more line. */
export const personalWords: Readonly<Record<string, PersonalWords>> = {
  any: { parts: ['mail', 'msisdn', 'whatsapp'], words: ['tel', 'fax', 'telefax', 'sms', 'gsm'] },
  en: {
    parts: ['phone', 'mobil', 'contactnum', 'callbacknum'],
    words: ['cell', 'cellular', 'mob', 'mobno'],
  },
  es: {
    parts: ['telefo', 'movil', 'correo', 'celular', 'numerocontacto', 'numerodecontacto'],
    words: ['tlf', 'tlfno', 'telf', 'tfno', 'tfn', 'cel', 'mov'],
  },
  ca: { parts: ['telefo', 'mobil', 'correu'], words: [] },
  gl: { parts: ['telefo', 'mobil', 'correo'], words: [] },
  eu: { parts: ['telefo', 'mugikor'], words: ['posta'] },
  pt: { parts: ['telefo', 'telemove', 'celular', 'correio'], words: ['movel', 'telem'] },
  fr: { parts: ['phone', 'mobil', 'courriel'], words: ['mel', 'portable'] },
  it: { parts: ['telefo', 'cellular', 'postaelettronica'], words: ['cell'] },
  de: { parts: ['telefo', 'mobil', 'rufnummer', 'handy'], words: [] },
};

/**
 * Keys that hold such a word and nothing personal. A field that the catalog declares without
 * `personal` needs no line here.
 */
export const notPersonalKeys: readonly string[] = ['is_mobile', 'mobile_os', 'mobile_app_version'];
