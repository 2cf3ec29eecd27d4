/** Any value of JSON text (RFC 8259). */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object; its keys may be anything, including `__proto__` and the empty string. */
export interface JsonObject {
  [key: string]: JsonValue;
}
