import { parse } from 'content-type';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/;
const UTF_8 = /^utf-?8$/i;

/**
 * Returns true for a readable body: `application/json` (or `…+json`) in UTF-8 (RFC 8259 §8.1), not
 * compressed, since the signature covers the bytes as sent.
 */
export function isJsonBody(contentType = '', contentEncoding = 'identity'): boolean {
  if (contentEncoding.trim().toLowerCase() !== 'identity') return false;
  const { type, parameters } = parse(contentType);
  return JSON_TYPE.test(type) && UTF_8.test(parameters.charset ?? 'utf-8');
}
