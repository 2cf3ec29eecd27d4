import type { JsonObject, JsonValue } from '../../../src/catalog/json.ts';
import { type ReadInstant, readInstant } from './read-instant.ts';
import { readJson } from './read-json.ts';
import { InexactError, shownValue } from './shown-value.ts';

/** A delivery as the oracle reads it. */
export interface Accepted {
  problem: undefined;
  typeName: string;
  occurredText: string;
  instant: ReadInstant;
  payload: JsonObject;
  extra: JsonObject | null;
  userId: string | null;
}

/** The reading of a delivery, or the problem for which it is refused. */
export type ReadDelivery =
  | Accepted
  | { problem: 'invalid-json' | 'json-not-exact' | 'invalid-envelope' };

const MAX_TYPE_LENGTH = 128;
const MAX_ID_LENGTH = 512;

/** Reads the bytes of a delivery as docs/reference/webhook.md describes them, with libraries only. */
export function readDelivery(rawBody: Buffer): ReadDelivery {
  const tree = readJson(rawBody);
  if (tree === undefined) return { problem: 'invalid-json' };
  let body: JsonValue;
  try {
    body = shownValue(tree);
  } catch (error) {
    if (!(error instanceof InexactError)) throw error;
    return { problem: 'json-not-exact' };
  }
  if (!isObject(body)) return { problem: 'invalid-envelope' };
  const { type, occurred_on: occurredText, payload: sent, ...rest } = body;
  const isNamed = typeof type === 'string' && [...type].length <= MAX_TYPE_LENGTH && type !== '';
  const instant = typeof occurredText === 'string' ? readInstant(occurredText) : undefined;
  const payload = !isObject(sent) && isEmpty(sent) ? {} : sent;
  if (!isNamed || typeof occurredText !== 'string' || !instant || !isObject(payload)) {
    return { problem: 'invalid-envelope' };
  }
  return {
    problem: undefined,
    ...{ typeName: type, occurredText, instant, payload },
    extra: Object.keys(rest).length === 0 ? null : rest,
    userId: userIdOf(Object.getOwnPropertyDescriptor(payload, 'user_id')?.value),
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || ['null', '""', '[]'].includes(JSON.stringify(value));
}

function userIdOf(value: JsonValue | undefined): string | null {
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? value.toFixed(0) : value;
  return typeof id === 'string' && id !== '' && [...id].length <= MAX_ID_LENGTH ? id : null;
}
