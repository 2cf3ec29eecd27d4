import mongoose from 'mongoose';

const { Binary } = mongoose.mongo;

/** Taken before the clock is replaced: making a date of the replaced class costs ten times as much. */
const RealDate = Date;

/** A document as a member stores it. */
export type Fields = Record<string, unknown>;

/** Prefix of the hex digits of binary data; no text in the tests starts with it. */
const BINARY = '\u0000binary:';

/**
 * Copies a value into the stored form: binary data becomes text, so that it can be compared and
 * indexed like other values. Undefined becomes null, as in BSON.
 */
export function toStored(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  if (value instanceof RealDate) return new RealDate(value.getTime());
  if (value instanceof Uint8Array) return BINARY + Buffer.from(value).toString('hex');
  if (value instanceof Binary) return BINARY + Buffer.from(value.value()).toString('hex');
  if (Array.isArray(value)) return value.map(toStored);
  const copy: Fields = {};
  for (const name of Object.keys(value)) define(copy, name, toStored((value as Fields)[name]));
  return copy;
}

/** Copies a stored value into the driver's form. */
export function fromStored(value: unknown): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith(BINARY)) return value;
    return new Binary(bytesOf(value));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof RealDate) return new RealDate(value.getTime());
  if (Array.isArray(value)) return value.map(fromStored);
  const copy: Fields = {};
  for (const name of Object.keys(value)) define(copy, name, fromStored((value as Fields)[name]));
  return copy;
}

/** Returns true for binary data in stored form. */
export function isStoredBinary(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(BINARY);
}

/** The bytes of binary data in stored form. */
export function bytesOf(value: string): Buffer {
  return Buffer.from(value.slice(BINARY.length), 'hex');
}

/** A payload may have a key `__proto__`. */
function define(target: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true });
}
