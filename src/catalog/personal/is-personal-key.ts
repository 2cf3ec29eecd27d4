import { catalog } from '../catalog.ts';
import { withoutShownUnits } from '../shown-units.ts';
import { notPersonalKeys, personalWords } from './personal-words.ts';

/** Longer keys are judged each time, so that the memory of known ones is bounded. Unit: characters. */
const MAX_KNOWN_LENGTH = 64;
const MAX_KNOWN = 10_000;
/** A label is short: a longer text that mentions a phone is a text. */
const MAX_LABEL_LENGTH = 40;
const MAX_LABEL_WORDS = 3;

const languages = Object.values(personalWords);
const parts = [...new Set(languages.flatMap((language) => language.parts))];
const words = new Set(languages.flatMap((language) => language.words));

const fields = catalog.flatMap((definition) => Object.entries(definition.fields));
const declaredPersonal = normalizedKeys(fields.filter(([, { personal }]) => personal));
const declaredPlain = normalizedKeys([
  ...fields.filter(([, { personal }]) => !personal),
  ...notPersonalKeys.map((key) => [key] as const),
]);

const known = new Map<string, boolean>();

/**
 * Returns true for a payload key that names a phone number or an e-mail address in a language of
 * personal-words.ts, or that the catalog declares with `personal: true` (field.ts): at any depth, of
 * any type, in any case and spelling. A key that is an address or a phone number itself counts too.
 */
export function isPersonalKey(key: string): boolean {
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const isPersonal = classify(key);
  if (known.size >= MAX_KNOWN) known.clear();
  if (key.length <= MAX_KNOWN_LENGTH) known.set(key, isPersonal);
  return isPersonal;
}

/** Returns true for a key that the catalog declares as not personal. */
export function isPlainKey(key: string): boolean {
  return declaredPlain.has(bare(key)) && !declaredPersonal.has(bare(key));
}

/**
 * Returns true for a text that labels the value beside it, such as `email` in `{ type: "email",
 * value }`.
 */
export function isPersonalLabel(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length <= MAX_LABEL_LENGTH &&
    /^[\p{L}\p{M}\p{Cf}\s_.:/-]+\d{0,2}$/u.test(text) &&
    wordsOf(plain(text)).length <= MAX_LABEL_WORDS &&
    isPersonalKey(text)
  );
}

function classify(key: string): boolean {
  const text = plain(key);
  const letters = bare(text);
  if (declaredPersonal.has(letters)) return true;
  if (declaredPlain.has(letters)) return false;
  if (/\S@\S|^\+\d{6}/.test(text)) return true;
  if (parts.some((part) => letters.includes(part))) return true;
  return [...wordsOf(text), ...text.toLowerCase().split(/[^\p{L}]+/u)].some(
    (word) => words.has(word) || words.has(word.replace(/(?:e?s)$/, '')),
  );
}

/** Compatible forms are one (`ｅｍａｉｌ`), and accents and invisible characters do not count. */
function plain(key: string): string {
  return withoutShownUnits(key)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '');
}

/** `homeTel`, `HOMETel`, `home_tel2`: the words of a key in lower case. */
function wordsOf(text: string): string[] {
  const found = text.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|[^\P{L}\p{Lu}\p{Ll}]+/gu) ?? [];
  return found.map((word) => word.toLowerCase());
}

/** Letters and digits alone: `mobile_phone` and `Mobile-Phone` are one. */
function bare(key: string): string {
  return plain(key)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function normalizedKeys(
  entries: readonly (readonly [string, ...unknown[]])[],
): ReadonlySet<string> {
  return new Set(entries.map(([key]) => bare(key)));
}
