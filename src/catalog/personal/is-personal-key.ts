import { catalog } from '../catalog.ts';
import type { JsonValue } from '../json.ts';
import { normalized } from '../normalized.ts';
import { withoutShownUnits } from '../shown-units.ts';
import { withoutLookalikes } from './lookalikes.ts';
import { notPersonalKeys, personalWords, wordsAfter, wordsBefore } from './personal-words.ts';

/** Longer keys are judged each time, so that the memory of known ones is bounded. Unit: characters. */
const MAX_KNOWN_LENGTH = 64;
const MAX_KNOWN = 10_000;
/** A label is short: a longer text that mentions a phone is a text. */
const MAX_LABEL_LENGTH = 64;
/** `Número de teléfono móvil de contacto` has six. */
const MAX_LABEL_WORDS = 6;
/** `email 2`, `contacts[12].email`. With more digits, a text may hold a phone number. */
const MAX_LABEL_DIGITS = 3;
const MAX_PLAIN_LABEL_LENGTH = 40;
const MAX_PLAIN_LABEL_WORDS = 3;
const ADDRESS = /\S@\S/;
/** `+34666996699`, `+34 (666) 99-66-99`. */
const NUMBER = /^[\s(]*\+[\s(]*\d(?:[\s().\p{Pd}/]{0,3}\d){5}/u;
/** `0034666996699`: nothing else, since ids may start with zeros. */
const NUMBER_AFTER_ZEROS = /^[\s(]*00[\s).]{0,3}[1-9](?:[\s().\p{Pd}/]{0,3}\d){8,14}\s*$/u;
/** RFC 5321, 4.5.3.1, with a name before it. Unit: characters. */
const MAX_CONTACT_LENGTH = 400;
/** `ada@mail.example`, `mailto:ada@mail.example?cc=bob@mail.example`, `Ada <ada@mail.example>`. */
const ONLY_ADDRESS = /^(?:[^@<>]*<)?[^\s@<>]+@[^\s@<>?]+\.\p{L}{2,}[>,;.]?(?:\?\S*)?$/u;
/** `+34 (666) 99-66-99`, `tel:+34666996699;ext=5`. */
const ONLY_NUMBER =
  /^(?:tel:|sms:)?\(?(?:\+|00)[\s(]{0,2}[1-9](?:[\s().\p{Pd}/]{0,3}\d){6,14}(?:;\S*)?$/u;
const MAY_BE_CONTACT = /@|^[\s(]*(?:\+|00)/;
/** Most keys, for which neither Unicode forms nor separators have to be considered. */
const ASCII = /^[\0-\x7f]*$/;
const LETTERS = /^[a-z0-9]*$/;
const ASCII_WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
const WORDS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[^\P{L}\p{Lu}\p{Ll}]+/gu;

const languages = Object.values(personalWords);
const parts = [...new Set(languages.flatMap((language) => language.parts))];
const words = [...new Set(languages.flatMap((language) => language.words))];

const fields = catalog.flatMap((definition) => Object.entries(definition.fields));
const declaredPersonal = normalizedKeys(fields.filter(([, { personal }]) => personal));
const declaredPlain = normalizedKeys([
  ...fields.filter(([, { personal }]) => !personal),
  ...notPersonalKeys.map((key) => [key] as const),
]);

const anyPart = new RegExp(parts.join('|'));
const wholeWord = new RegExp(
  `^(?:${wordsBefore.join('|')})?(?:${words.join('|')})(?:${wordsAfter.join('|')})?$`,
);
/** Matches the letters of every key that may be personal, and of few others. */
const candidate = new RegExp([...parts, ...words, ...declaredPersonal].join('|'));

/** Results for candidates. A payload may have any number of other keys, which would displace them. */
const known = new Map<string, boolean>();

/**
 * Returns true for a payload key that names a phone number or an e-mail address in a language of
 * personal-words.ts, or that the catalog declares with `personal: true` (field.ts): at any depth, of
 * any type, in any case and spelling. A key that is an address or a phone number itself counts too.
 */
export function isPersonalKey(key: string): boolean {
  const text = plain(key);
  if (!candidate.test(lettersOf(text)) && !MAY_BE_CONTACT.test(text)) return false;
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const isPersonal = classify(text);
  if (known.size >= MAX_KNOWN) known.clear();
  if (key.length <= MAX_KNOWN_LENGTH) known.set(key, isPersonal);
  return isPersonal;
}

/** Returns true for a key that the catalog declares as not personal. */
export function isPlainKey(key: string): boolean {
  const letters = lettersOf(plain(key));
  return declaredPlain.has(letters) && !declaredPersonal.has(letters);
}

/** Returns true for a text that is nothing but an e-mail address or an international phone number. */
export function isContact(text: JsonValue): boolean {
  if (typeof text !== 'string' || text.length > MAX_CONTACT_LENGTH) return false;
  const trimmed = text.trim();
  return trimmed.includes('@') ? ONLY_ADDRESS.test(trimmed) : ONLY_NUMBER.test(trimmed);
}

/**
 * Returns true for a text that labels the value beside it, such as `E-mail (home)` in
 * `{ type: "E-mail (home)", value }`: a few words with any punctuation, without an address or number.
 */
export function isPersonalLabel(text: unknown): boolean {
  if (typeof text !== 'string' || text.length > MAX_LABEL_LENGTH || !isPersonalKey(text)) {
    return false;
  }
  const words = plain(text);
  return (
    !ADDRESS.test(words) &&
    wordsOf(words).length <= MAX_LABEL_WORDS &&
    (words.match(/\p{N}/gu)?.length ?? 0) <= MAX_LABEL_DIGITS
  );
}

/**
 * Returns true for a label that is certainly not itself a contact. `ada(at)mail.example` may be a
 * label or an address.
 */
export function isPlainLabel(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length <= MAX_PLAIN_LABEL_LENGTH &&
    isPersonalLabel(text) &&
    /^[\p{L}\p{M}\p{Cf}\s_.:/-]+\d{0,2}$/u.test(text) &&
    wordsOf(plain(text)).length <= MAX_PLAIN_LABEL_WORDS
  );
}

/** @param text the plain form of a key */
function classify(text: string): boolean {
  const letters = lettersOf(text);
  if (declaredPersonal.has(letters)) return true;
  if (declaredPlain.has(letters)) return false;
  if (ADDRESS.test(text) || NUMBER.test(text) || NUMBER_AFTER_ZEROS.test(text)) return true;
  if (anyPart.test(letters)) return true;
  const found = wordsOf(text);
  const pairs = found.map((word, index) => word + (found[index + 1] ?? ''));
  const runs = text.toLowerCase().split(ASCII.test(text) ? /[^a-z]+/ : /[^\p{L}]+/u);
  // `T_E_L` is one word, and `contact_no` too.
  const spelled = letters.replace(/\p{N}+/gu, '');
  return [spelled, ...found, ...pairs, ...runs].some((word) => wholeWord.test(word));
}

/**
 * Compatible forms (`ｅｍａｉｌ`) and letters that look alike are one, and accents and invisible
 * characters do not count.
 */
function plain(key: string): string {
  const words = withoutShownUnits(key);
  if (ASCII.test(words)) return words;
  return withoutLookalikes(normalized(words, 'NFKD').replace(/[\p{M}\p{Cf}]/gu, ''));
}

/** `homeTel`, `HOMETel`, `home_tel2`: the words of a key in lower case. */
function wordsOf(text: string): string[] {
  const found = text.match(ASCII.test(text) ? ASCII_WORDS : WORDS) ?? [];
  return found.map((word) => word.toLowerCase());
}

/** Letters and digits alone, in lower case: `mobile_phone` and `Mobile-Phone` are one. */
function lettersOf(text: string): string {
  const lower = text.toLowerCase();
  if (LETTERS.test(lower)) return lower;
  return lower.replace(ASCII.test(lower) ? /[^a-z0-9]/g : /[^\p{L}\p{N}]/gu, '');
}

function normalizedKeys(
  entries: readonly (readonly [string, ...unknown[]])[],
): ReadonlySet<string> {
  return new Set(entries.map(([key]) => lettersOf(plain(key))));
}
