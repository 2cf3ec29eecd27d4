import mongoose from 'mongoose';

const { Binary } = mongoose.mongo;

/** A document as a member keeps it. */
export type Fields = Record<string, unknown>;

/** In front of the hex digits of binary data; no text of the tests begins with it. */
const BINARY = '\u0000binary:';

/**
 * Copies a value into the form that members keep: binary data becomes text, so that it can be
 * compared and looked up as every other value is. As BSON has it, undefined is null.
 */
export function toStored(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return BINARY + Buffer.from(value).toString('hex');
  if (value instanceof Binary) return BINARY + Buffer.from(value.value()).toString('hex');
  if (Array.isArray(value)) return value.map(toStored);
  const copy: Fields = {};
  for (const [name, one] of Object.entries(value)) define(copy, name, toStored(one));
  return copy;
}

/** Copies what a member keeps into what the driver gives to the application. */
export function fromStored(value: unknown): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith(BINARY)) return value;
    return new Binary(Buffer.from(value.slice(BINARY.length), 'hex'));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (Array.isArray(value)) return value.map(fromStored);
  const copy: Fields = {};
  for (const [name, one] of Object.entries(value)) define(copy, name, fromStored(one));
  return copy;
}

/** Whether a value that a member keeps is binary data. */
export function isStoredBinary(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(BINARY);
}

/** A payload may have a member `__proto__`. */
function define(target: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true });
}
