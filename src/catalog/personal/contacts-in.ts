import { domainToASCII, domainToUnicode } from 'node:url';
import { normalized } from '../normalized.ts';
import { withoutEntities } from './html-entities.ts';
import { type DigitGroup, phoneRuns } from './phone-runs.ts';
import { toAsciiDigits } from './to-ascii-digits.ts';

/** RFC 5321, 4.5.3.1. Unit: characters. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 255;
/** Shorter numbers are ambiguous. E.164 has 15 digits at most; 00 may stand before. */
const MIN_DIGITS = 7;
const MAX_DIGITS = 17;
/** Pairs of digits; single digits are joined. */
const MAX_GROUPS = 9;
/** A country code has one to three digits (ITU-T E.164). */
const MAX_COUNTRY_DIGITS = 3;

/** How often an address in a URL may be percent-encoded. */
const MAX_ENCODINGS = 3;
const ENCODED = /(?:%[\da-f]{2})+/gi;
/** JSON within a text, also within JSON in JSON. At most eight, so that it takes linear time. */
const ESCAPED = /\\{1,8}u([\da-f]{4})/gi;
/** Such escapes of white space. */
const ESCAPED_SPACE = /\\{1,8}[nrt]/g;
/** Not a character by itself: shown so because it cannot be stored (shown-units.ts), or half of one. */
const NO_CHARACTER = /[\0\p{Cs}]/u;

const ONE_DIGIT = /^(\d)\1*$/;
const NOT_ASCII = /[^ -~]/;
/** Characters without a width, and controls that are no white space (Unicode, 5.21). */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;
/** Marks that compose no letter: the key around a digit, a line below a letter. */
const DECORATION = /(?<=[ -~])\p{M}+/gu;
/** What Turkish case mapping makes of an `i`. */
const TURKISH_I = /[İı]/g;
const NOT_LOCAL = /[\s"'`,;:<>()[\]{}/=?&|\\!#*@]/;
const DOMAIN = /[\p{L}\p{N}.-]/u;
/** Scripts that are written without spaces: their letters may touch an address. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー`;
/** Such a letter, or a sign that may touch an address: a quotation mark, a dash, an emoji. */
const BEFORE = new RegExp(String.raw`^.*(?:[${UNSPACED}$^]|(?![ -~])[\p{P}\p{S}])`, 'u');
/** Letters of such a script, or the next sentence after a missing space: `ada@mail.example.Thanks`. */
const AFTER = new RegExp(String.raw`[${UNSPACED}].*$|(?<=[\p{Ll}\d])\.\p{Lu}\p{Ll}.*$`, 'u');

/**
 * Yields the e-mail addresses and phone numbers that a text may contain, in the forms in which they
 * are compared: addresses in lower case, numbers as digits without `+`, `00` and separators. One
 * address or number may yield several forms.
 *
 * Runs in linear time.
 */
export function* contactsIn(text: string): Generator<string> {
  const plain = toPlainText(text);
  // An ideographic full stop separates labels of a domain (RFC 3490, 3.1), or ends a sentence.
  const texts = plain.includes('。') ? [plain, plain.replaceAll('。', '.')] : [plain];
  // After `\n` an address begins, or the backslash is text and the `n` is part of it.
  if (text.includes('\\')) texts.push(toPlainText(text.replace(ESCAPED_SPACE, ' ')));
  for (const form of texts) {
    for (const change of [undefined, withoutNeighbours, withOtherDomain]) {
      for (const forms of addressesIn(form, change)) yield* forms;
    }
  }
  for (const run of phoneRuns(plain)) {
    yield* numbersIn(run);
    const joined = withSinglesJoined(run);
    if (joined.length < run.length) yield* numbersIn(joined);
  }
}

/**
 * Returns a text without percent-encoding, JSON escapes and HTML entities, in compatible forms, with
 * ASCII digits, and without invisible characters, such as a zero width space, and marks, as of the emoji `1️⃣`.
 */
export function toPlainText(written: string): string {
  const text = withoutEntities(percentDecoded(unescaped(written)));
  if (!NOT_ASCII.test(text)) return text;
  const visible = normalized(text, 'NFKC').replace(INVISIBLE, '').replace(TURKISH_I, 'i');
  return toAsciiDigits(visible).replace(DECORATION, '');
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPED, (_, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return NO_CHARACTER.test(character) ? ' ' : character;
  });
}

/** A URL in a URL is encoded twice. */
function percentDecoded(text: string): string {
  let decoded = text;
  for (let times = 0; times < MAX_ENCODINGS && decoded.includes('%'); times += 1) {
    decoded = decoded.replace(ENCODED, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
    );
  }
  return decoded;
}

/**
 * Yields the e-mail addresses in a text: first as written, then other forms of the same mailbox.
 *
 * @param change changes the parts of each address; undefined to leave it out
 */
export function* addressesIn(
  text: string,
  change: (parts: Parts) => Parts | undefined = (parts) => parts,
): Generator<string[]> {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start <= MAX_LOCAL && !NOT_LOCAL.test(text.charAt(start - 1))) start--;
    let end = at + 1;
    while (end - at <= MAX_DOMAIN && DOMAIN.test(text.charAt(end))) end++;
    const changed = change({ local: text.slice(start, at), domain: text.slice(at + 1, end) });
    if (changed === undefined) continue;
    const { local } = changed;
    const domain = withoutMarksAfter(changed.domain);
    if (local === '' || domain === '') continue;
    const forms = [local, withoutMarks(local), withoutTag(withoutMarks(local))];
    yield [...new Set(forms)]
      .filter((form) => form !== '')
      .map((form) => `${form}@${domain}`.toLowerCase());
  }
}

interface Parts {
  local: string;
  domain: string;
}

/** Removes text that touches an address; undefined if there is none. */
function withoutNeighbours({ local, domain }: Parts): Parts | undefined {
  const parts = { local: local.replace(BEFORE, ''), domain: domain.replace(AFTER, '') };
  return parts.local === local && parts.domain === domain ? undefined : parts;
}

/** Returns the other form of an internationalised domain (RFC 5890): `xn--…` or Unicode. */
function withOtherDomain({ local, domain }: Parts): Parts | undefined {
  const convert = /xn--/i.test(domain) ? domainToUnicode : domainToASCII;
  if (convert === domainToASCII && !NOT_ASCII.test(domain)) return undefined;
  const other = convert(domain);
  return other === '' || other === domain ? undefined : { local, domain: other };
}

/** Removes marks before an address: `_ada` in Markdown, `.ada` after a sentence. */
function withoutMarks(local: string): string {
  return local.replace(/^[._+~-]+/, '');
}

/** Removes marks after an address. A loop, since an expression with `$` takes quadratic time. */
function withoutMarksAfter(domain: string): string {
  let end = domain.length;
  while (end > 0 && '.-'.includes(domain.charAt(end - 1))) end--;
  return domain.slice(0, end);
}

/** Removes the detail of a subaddress: `ada+news` receives the mail of `ada` (RFC 5233). */
export function withoutTag(local: string): string {
  const plus = local.indexOf('+');
  return plus > 0 ? local.slice(0, plus) : local;
}

/** Joins adjacent groups of one digit: a number may be written digit by digit. */
function withSinglesJoined(groups: readonly DigitGroup[]): DigitGroup[] {
  const joined: DigitGroup[] = [];
  let singles: string[] = [];
  for (const [index, group] of groups.entries()) {
    if (group.digits.length > 1) joined.push(group);
    else singles.push(group.digits);
    const next = groups[index + 1];
    if (singles.length === 0 || next?.digits.length === 1) continue;
    const isInternational = groups[index + 1 - singles.length]?.isInternational === true;
    joined.push({ digits: singles.join(''), isInternational });
    singles = [];
  }
  return joined;
}

/** Combines adjacent groups of any run, since other numbers may stand before and after. */
function* numbersIn(groups: readonly DigitGroup[]): Generator<string> {
  for (const [index, { digits: first, isInternational }] of groups.entries()) {
    let digits = '';
    for (const group of groups.slice(index, index + MAX_GROUPS)) {
      digits += group.digits;
      if (digits.length > MAX_DIGITS) break;
      if (!isIdentifying(digits)) continue;
      yield bare(digits);
      if (isInternational || first.startsWith('00')) yield* nationalForms(digits);
    }
  }
}

/** Removes leading zeros: `00` and the trunk prefix. */
export function bare(digits: string): string {
  return digits.replace(/^0+/, '');
}

/** Returns the possible national numbers of an international one. */
export function nationalForms(digits: string): string[] {
  return Array.from({ length: MAX_COUNTRY_DIGITS }, (_, index) =>
    bare(bare(digits).slice(index + 1)),
  ).filter(isIdentifying);
}

/** Returns false for short numbers, and for placeholders such as 000000000. */
export function isIdentifying(digits: string): boolean {
  return (
    digits.length >= MIN_DIGITS && bare(digits).length >= MIN_DIGITS && !ONE_DIGIT.test(digits)
  );
}
