import { namesAnother, namesOnly } from '../erased/users-named.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import {
  isContact,
  isPersonalKey,
  isPersonalLabel,
  isPlainKey,
  isPlainLabel,
} from './is-personal-key.ts';

/** Keys and items after which other work may be done. */
const KEYS_PER_STEP = 1_000;
/** Kinds that one value has at most, such as `["home", "phone"]`. */
const MAX_KINDS = 4;

/** A shorter number is no phone number. */
const MAX_DIGITS = 5;

type Steps<T> = Generator<undefined, T, undefined>;

/**
 * Returns an object without personal values, at any depth; the same object if it has none. A
 * value is personal under a personal key or beside a label: `value` in `{ type: "email", value }`
 * and in `["email", value]`. A label stays, unless there is a second one and it may be a contact. A
 * text that is itself a contact is personal under every key, except a declared one.
 *
 * Personal values of `owner` are kept:
 * - at the top, unless a key such as `user_id` names another user;
 * - in a nested object, only if it names the owner and no other user;
 * - never beside a label in a pair, which names no user;
 * - never a contact that only its own form reveals: it may be of anyone.
 *
 * @param owner the object's user; undefined: all personal values are removed
 */
export function withoutPersonal(object: JsonObject, owner?: string): JsonObject {
  const steps = withoutPersonalInSteps(object, owner);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * As `withoutPersonal`, in steps: yields after every `KEYS_PER_STEP` keys and items, so that other
 * work can be done in between.
 */
export function* withoutPersonalInSteps(object: JsonObject, owner?: string): Steps<JsonObject> {
  let handled = 0;
  const isStepEnd = () => ++handled % KEYS_PER_STEP === 0;
  return yield* cleaned(object, owner !== undefined && !namesAnother(owner, object), false);

  /** @param isContactShown true below a personal key of the owner */
  function* cleaned(
    from: JsonObject,
    isOwners: boolean,
    isContactShown: boolean,
  ): Steps<JsonObject> {
    const keys = Object.keys(from);
    let labels = 0;
    for (const key of keys) {
      if (isStepEnd()) yield;
      if (isLabel(key, from[key] as JsonValue)) labels += 1;
      if (labels > 1) break;
    }
    const namesShownKind = labels === 1 ? namesKind : namesPlainKind;
    /** The kept members, once one was changed. */
    let members: [string, JsonValue][] | undefined;
    for (const [index, key] of keys.entries()) {
      if (isStepEnd()) yield;
      const value = from[key] as JsonValue;
      const isLabelledValue = labels > 0 && !isPlainField(key, value) && !namesShownKind(value);
      const isPersonal = isLabelledValue || isPersonalKey(key);
      const isKept = isPersonal
        ? isOwners && isOfOwner(value)
        : isContactShown || !isContact(value) || isPlainField(key, value);
      let kept = isKept ? value : undefined;
      if (isNested(kept)) kept = yield* cleanedValue(kept, isPersonal || isContactShown);
      if (kept !== value) {
        members ??= keys.slice(0, index).map((earlier) => [earlier, from[earlier] as JsonValue]);
      }
      if (kept !== undefined) members?.push([key, kept]);
    }
    // Not by assignment: a key may be `__proto__`.
    return members ? Object.fromEntries(members) : from;
  }

  function* cleanedValue(
    value: JsonObject | JsonValue[],
    isContactShown: boolean,
  ): Steps<JsonValue> {
    if (!Array.isArray(value)) {
      const isOwners = owner !== undefined && namesOnly(owner, value);
      return yield* cleaned(value, isOwners, isContactShown);
    }
    const isLabelled = holdsLabel(value);
    if (value.length === 2 && isLabelled) return cleanedPair(value);
    const items: JsonValue[] = [];
    for (const item of value) {
      if (isStepEnd()) yield;
      if ((isLabelled && mayHoldNumber(item)) || (!isContactShown && isContact(item))) continue;
      items.push(isNested(item) ? yield* cleanedValue(item, isContactShown) : item);
    }
    const isSame = items.length === value.length && items.every((item, at) => item === value[at]);
    return isSame ? value : items;
  }

  /** Returns false for an object that does not name the owner, or that names another user too. */
  function isOfOwner(value: JsonValue): boolean {
    if (Array.isArray(value)) return value.every(isOfOwner);
    if (typeof value !== 'object' || value === null) return true;
    return owner !== undefined && namesOnly(owner, value);
  }
}

/**
 * Returns true for a list, other than one of labels, from which `withoutPersonal` removes an item: a
 * contact, or what stands beside a label.
 */
export function holdsPersonalItem(list: JsonValue[]): boolean {
  if (list.some(isContact)) return true;
  if (!holdsLabel(list) || namesKind(list)) return false;
  return list.length === 2 ? cleanedPair(list) !== list : list.some(mayHoldNumber);
}

function holdsLabel(list: JsonValue[]): boolean {
  return list.length <= MAX_KINDS && list.some(isPersonalLabel);
}

/** Removes the value beside a label, also for the owner: a pair does not name its user. */
function cleanedPair(pair: JsonValue[]): JsonValue[] {
  const isShown = pair.every(isPersonalLabel) ? isPlainLabel : isPersonalLabel;
  return pair.every(isShown) ? pair : pair.filter(isShown);
}

function isWord(value: JsonValue): boolean {
  return typeof value === 'string' && /^[\p{L}_-]{1,40}$/u.test(value);
}

/** Returns true for a text or number with more digits than `email 2` or `1234` has. */
function mayHoldNumber(value: JsonValue): boolean {
  if (isNested(value)) return false;
  return (String(value).match(/\p{N}/gu)?.length ?? 0) > MAX_DIGITS;
}

function isNested(value: JsonValue | undefined): value is JsonObject | JsonValue[] {
  return typeof value === 'object' && value !== null;
}

/**
 * Returns true for a key that the catalog declares as not personal, with a scalar value. Declared
 * fields are texts and numbers, so a list or object under that key is not the declared field.
 */
function isPlainField(key: string, value: JsonValue): boolean {
  return isPlainKey(key) && typeof value !== 'object';
}

/** A list under a plural, such as `channels`, says what there is; under `type` it is a label. */
function isLabel(key: string, value: JsonValue): boolean {
  if (Array.isArray(value) && /s$/i.test(key)) return false;
  return namesKind(value) && !isPlainKey(key);
}

/**
 * A label, an object that holds labels only (`field` in `{ field: { name: "email" }, value }`), or a short
 * list of words with a label among them (`{ type: ["home", "email"], value }`).
 */
export function namesKind(
  value: JsonValue,
  isOne: (text: unknown) => boolean = isPersonalLabel,
): boolean {
  if (Array.isArray(value)) {
    return value.length <= MAX_KINDS && value.every(isWord) && value.some((item) => isOne(item));
  }
  if (typeof value !== 'object' || value === null) return isOne(value);
  const members = Object.values(value);
  return members.length > 0 && members.every((member) => isOne(member));
}

function namesPlainKind(value: JsonValue): boolean {
  return namesKind(value, isPlainLabel);
}
