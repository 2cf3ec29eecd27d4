import type { NewEvent } from './event.ts';
import type { JsonValue } from './json.ts';

/** The envelope: an object with its digest, two dates, and short strings. */
const ENVELOPE_BYTES = 500;
const SLOT_BYTES = 8;
const STRING_BYTES = 16;
const OBJECT_BYTES = 56;
/** From this many keys on an object has its own hash table; smaller ones share a hidden class. */
const SHARED_KEYS = 128;
const TABLE_ENTRY_BYTES = 64;
const BEYOND_LATIN_1 = /[\u0100-\uffff]/;

const sizes = new WeakMap<NewEvent, number>();

/**
 * Estimates the memory of an event in bytes, for bounds on buffers. The length of its JSON would
 * not do: `[{},{},…]` takes about twenty times that. The result is cached per event.
 */
export function sizeOf(event: NewEvent): number {
  const known = sizes.get(event);
  if (known !== undefined) return known;
  const size = ENVELOPE_BYTES + sizeOfValue(event.payload) + sizeOfValue(event.extra);
  sizes.set(event, size);
  return size;
}

/** The value and the slot that refers to it. The webhook limits the depth to 64 levels. */
function sizeOfValue(value: JsonValue): number {
  if (typeof value === 'string') return SLOT_BYTES + sizeOfString(value);
  if (typeof value === 'number') {
    // 31-bit integers are stored in the slot itself.
    return (value | 0) === value ? SLOT_BYTES : 2 * SLOT_BYTES;
  }
  if (value === null || typeof value !== 'object') return SLOT_BYTES;
  let size = SLOT_BYTES + OBJECT_BYTES;
  if (Array.isArray(value)) {
    for (const item of value) size += sizeOfValue(item);
    return size;
  }
  const keys = Object.keys(value);
  for (const key of keys) size += sizeOfValue(value[key] as JsonValue);
  if (keys.length > SHARED_KEYS) {
    for (const key of keys) size += TABLE_ENTRY_BYTES + sizeOfString(key);
  }
  return size;
}

/** V8 stores one byte per character if all are Latin-1. */
function sizeOfString(text: string): number {
  return STRING_BYTES + (BEYOND_LATIN_1.test(text) ? 2 : 1) * text.length;
}
