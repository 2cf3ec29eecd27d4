import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { NewEvent } from './event.ts';
import type { JsonObject } from './json.ts';

/**
 * Returns the identity of an event whose payload was changed: the digest of its present content, with
 * its instant in whole milliseconds.
 */
export function cleanedDigest({
  typeName,
  occurredOn,
  payload,
}: Pick<NewEvent, 'typeName' | 'occurredOn' | 'payload'>): Buffer {
  // The canonical form of `parseInstant` has no trailing zeros in the fraction.
  const instant = occurredOn.toISOString().replace(/\.?0*Z$/, 'Z');
  return eventDigest(typeName, instant, payload);
}

/**
 * Returns the identity of an event, computed from its content, independent of key order and white
 * space. The sender gives no delivery id, so only this identifies a redelivery. Source: RFC 8785
 * (JSON Canonicalization Scheme) over `[typeName, canonicalInstant, payload]`.
 *
 * @param typeName as the sender wrote it: `message_sent`
 * @param canonicalInstant the `canonical` of `parseInstant`
 * @param payload I-JSON (RFC 7493), as `parseJson` returns it: no lone surrogate, no number beyond a
 * double, limited depth
 * @returns SHA-256, 32 bytes
 * @throws Error for NaN or Infinity, which JSON cannot represent
 */
export function eventDigest(
  typeName: string,
  canonicalInstant: string,
  payload: JsonObject,
): Buffer {
  return hash('sha256', canonicalJson([typeName, canonicalInstant, payload]), 'buffer');
}
