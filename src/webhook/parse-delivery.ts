import { definitionByName, UNKNOWN } from '../catalog/catalog.ts';
import { countCharacters, hasAtMost } from '../catalog/characters.ts';
import type { NewEvent } from '../catalog/event.ts';
import { eventDigest } from '../catalog/event-digest.ts';
import type { JsonObject, JsonValue } from '../catalog/json.ts';
import { parseInstant } from '../catalog/parse-instant.ts';
import { subjectsOf } from '../catalog/subjects.ts';
import { type Refused, refused } from './outcome.ts';
import { parseJson } from './parse-json.ts';

/** Maximum length of a type's name, in characters. */
const MAX_TYPE_LENGTH = 128;

const EXPECTED_INSTANT =
  'expected an existing date and time with an offset, of the years 1 to 9999 in UTC, such as 2021-09-14T15:55:12.642+00:00, 2021-09-14T15:55:12+0000 or 2021-09-14T15:55:12Z';

export interface ParsedDelivery {
  kind: 'parsed';
  event: NewEvent;
}

/**
 * Parses a verified delivery: JSON, then the envelope (source: the sender's documentation). Keeps
 * unknown types, undeclared keys, and payloads without the declared shape unchanged: readers decide by
 * `objectTypeName` what an event is.
 *
 * @returns the event, or the refusal of the first stage that fails, with all faults of that stage
 */
export function parseDelivery(rawBody: Buffer, receivedAt: Date): ParsedDelivery | Refused {
  const body = parseJson(rawBody);
  if (body.kind === 'refused') return body;
  const envelope = parseEnvelope(body.value);
  if (envelope.kind === 'refused') return envelope;
  const { typeName, occurredText, payload, extra } = envelope;
  const instant = parseInstant(occurredText);
  if (instant === undefined) {
    return refused('invalid-envelope', `occurred_on: ${EXPECTED_INSTANT}`);
  }
  const type = definitionByName.get(typeName)?.name ?? UNKNOWN;
  const event: NewEvent = {
    digest: eventDigest(typeName, instant.canonical, payload),
    type,
    typeName,
    occurredOn: new Date(instant.epochMs),
    occurredText,
    receivedAt,
    ...subjectsOf(payload),
    payload,
    extra,
  };
  return { kind: 'parsed', event };
}

interface Envelope {
  kind: 'envelope';
  typeName: string;
  occurredText: string;
  payload: JsonObject;
  extra: JsonObject | null;
}

function parseEnvelope(body: JsonValue): Envelope | Refused {
  if (!isObject(body)) {
    return refused(
      'invalid-envelope',
      `expected an object with type, occurred_on and payload, got ${kindOf(body)}`,
    );
  }
  const { type, occurred_on: occurredText, payload, ...rest } = body;
  const faults = [
    typeof type === 'string' && type !== '' && hasAtMost(type, MAX_TYPE_LENGTH)
      ? undefined
      : `type: expected a text of 1 to ${MAX_TYPE_LENGTH} characters, got ${kindOf(type)}`,
    typeof occurredText === 'string'
      ? undefined
      : `occurred_on: expected a text, got ${kindOf(occurredText)}`,
  ].filter((fault) => fault !== undefined);
  const object = isObject(payload) ? payload : faults.length === 0 && isEmpty(payload) ? {} : null;
  if (object === null) faults.push(`payload: expected an object, got ${kindOf(payload)}`);
  if (faults.length > 0) return refused('invalid-envelope', faults.join('; '));
  return {
    kind: 'envelope',
    typeName: type as string,
    occurredText: occurredText as string,
    payload: object as JsonObject,
    extra: Object.keys(rest).length > 0 ? rest : null,
  };
}

/** What serializers write for an object without members; PHP writes `[]`. */
function isEmpty(value: JsonValue | undefined): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `a text of ${countCharacters(value)} characters`;
  return `a ${typeof value}`;
}
