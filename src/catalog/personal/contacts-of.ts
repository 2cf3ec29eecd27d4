import { definitionByName } from '../catalog.ts';
import type { NewEvent } from '../event.ts';
import type { JsonValue } from '../json.ts';
import {
  addressesIn,
  bare,
  isIdentifying,
  nationalForms,
  toPlainText,
  withoutTag,
} from './contacts-in.ts';
import { phoneRuns } from './phone-runs.ts';
import { withoutPersonal } from './without-personal.ts';

/** `34`, `+34`, `0034`. */
const PREFIX = /^\s*(?:\+|00)?(\d{1,4})\s*$/;
/** What no number contains; `phoneRuns` reads the rest. */
const OTHER_THAN_NUMBER = /[^\d\s().+/_'’·\u2212\p{Pd}]/u;
/** May stand between two numbers as well as in one. */
const BETWEEN = /[,/_'’·•|]/;
/** Their digits are no phone number: `2026-01-31T09:30:00.000Z`, and `09:00-18:00`. */
const DATE = /(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)/g;
const CLOCK = /(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?![\d:])/g;
/** Each number is combined with each prefix; a payload has one or two. */
const MAX_PREFIXES = 8;

/**
 * Returns the e-mail addresses and phone numbers that certainly belong to the event's own user, in the
 * forms that `contactsIn` yields. They come from declared personal fields, and from other personal
 * data that `withoutPersonal` attributes to the user. Empty for an event without a user.
 */
export function contactsOf(event: NewEvent): Set<string> {
  const { userId } = event;
  if (userId === null) return new Set();
  const values = [...declaredOf(event), ...ownedIn(event.payload, userId)];
  if (event.extra !== null) values.push(...ownedIn(event.extra, userId));
  return contactsAmong(values);
}

/** Returns what a user id itself is: an address, or a number that begins with `+`. */
export function contactsOfId(userId: string): Set<string> {
  return contactsAmong(/@|^\s*\+/.test(toPlainText(userId)) ? [userId] : []);
}

/** As `contactsOf`, from the fields only that the catalog declares as personal. */
export function declaredContactsOf(
  event: Pick<NewEvent, 'type' | 'payload' | 'userId'>,
): Set<string> {
  return event.userId === null ? new Set() : contactsAmong(declaredOf(event));
}

/** Returns the one contact that a text is, in the form in which `contactsOf` has it. */
export function toContact(text: string): string | undefined {
  const plain = toPlainText(text).trim();
  const [address] = addressesIn(plain);
  if (address) return address[0] === plain.toLowerCase() ? address[0] : undefined;
  const [run, ...others] = OTHER_THAN_NUMBER.test(plain) ? [] : phoneRuns(plain);
  const digits = run?.map((group) => group.digits).join('') ?? '';
  return others.length === 0 && isIdentifying(digits) ? bare(digits) : undefined;
}

function contactsAmong(values: readonly string[]): Set<string> {
  const contacts = new Set<string>();
  const texts = values.map(toPlainText);
  const prefixes = prefixesIn(texts);
  for (const text of texts) {
    const addresses = [...addressesIn(text)].flatMap(([asWritten = '']) => asWritten);
    for (const address of addresses) contacts.add(address).add(mailboxOf(address));
    // Digits in an address are not a phone number.
    if (addresses.length > 0) continue;
    const timeless = text.replace(DATE, ',').replace(CLOCK, ',');
    const parts = [timeless, ...timeless.split(BETWEEN)];
    for (const run of parts.flatMap((part) => [...phoneRuns(part)])) {
      const digits = run.map((group) => group.digits).join('');
      const isInternational = run[0]?.isInternational === true || digits.startsWith('00');
      for (const form of numberForms(digits, isInternational, prefixes)) contacts.add(form);
    }
  }
  return contacts;
}

/** Returns an address without its tag: others may know the mailbox only. */
function mailboxOf(address: string): string {
  const at = address.indexOf('@');
  return withoutTag(address.slice(0, at)) + address.slice(at);
}

/** Returns the distinct country prefixes among the values, the first MAX_PREFIXES of them. */
function prefixesIn(values: readonly string[]): string[] {
  const found = new Set(values.flatMap((value) => PREFIX.exec(value)?.[1] ?? []));
  return [...found].slice(0, MAX_PREFIXES);
}

function numberForms(written: string, isInternational: boolean, prefixes: string[]): string[] {
  const digits = bare(written);
  if (!isIdentifying(digits)) return [];
  const codes = prefixes.filter((prefix) => digits.startsWith(prefix));
  const national = codes.map((code) => bare(digits.slice(code.length))).filter(isIdentifying);
  if (isInternational) return [digits, ...(codes.length > 0 ? national : nationalForms(digits))];
  return [digits, ...national, ...prefixes.map((prefix) => `${prefix}${digits}`)];
}

/** Returns the values of declared personal fields, even if the payload names other users. */
function declaredOf({ type, payload }: Pick<NewEvent, 'type' | 'payload'>): string[] {
  return Object.entries(definitionByName.get(type)?.fields ?? {}).flatMap(([key, { personal }]) =>
    personal && Object.hasOwn(payload, key) ? leavesOf(payload[key] ?? null) : [],
  );
}

/** Returns the values that only the owner may see: personal data that is theirs. */
function ownedIn(object: NewEvent['payload'], userId: string): string[] {
  const seen = withoutPersonal(object, userId);
  const hidden = withoutPersonal(object);
  if (seen === hidden) return [];
  const left = new Map<string, number>();
  for (const leaf of leavesOf(hidden)) left.set(leaf, (left.get(leaf) ?? 0) + 1);
  return leavesOf(seen).filter((leaf) => {
    const count = left.get(leaf) ?? 0;
    if (count > 0) left.set(leaf, count - 1);
    return count === 0;
  });
}

/** Returns all texts and numbers in a value, at any depth. */
function leavesOf(value: JsonValue): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
