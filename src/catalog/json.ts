/** Any value of JSON text (RFC 8259). */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object; a key may be anything, `__proto__` and the empty key too. */
export interface JsonObject {
  [key: string]: JsonValue;
}
