import { definitionByName } from '../catalog.ts';
import type { NewEvent } from '../event.ts';
import type { PayloadField } from '../field.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { contactsIn } from '../personal/contacts-in.ts';

/** Replacements of erased identifiers: deterministic within one erasure and not reversible. */
export interface Pseudonyms {
  /** Replaces the user id. */
  readonly user: string;
  /** Returns a UUID that replaces the identifier of an installation or a message. */
  uuid(identifier: string): string;
}

/**
 * Returns the erased form of a user's event: type, instants, plan, and pseudonyms of the user,
 * installation and message. This is an allow-list: undeclared fields are removed, and of the
 * declared ones only statuses keep their values. Texts become empty, numbers 0, and values without
 * the declared shape null.
 */
export function erasedEvent<T extends NewEvent>(event: T, pseudonyms: Pseudonyms): T {
  const { userId, installationId, occurredOn, typeName } = event;
  const fields = definitionByName.get(event.type)?.fields;
  const subjects: JsonObject = {
    ...(userId !== null && { user_id: pseudonyms.user }),
    ...(installationId !== null && { installation_id: pseudonyms.uuid(installationId) }),
  };
  return {
    ...event,
    typeName: isTelling(event) ? event.type : typeName,
    // The usual format, since a longer one reveals more than necessary.
    occurredText: occurredOn.toISOString().replace('Z', '+00:00'),
    userId: userId === null ? null : pseudonyms.user,
    installationId: installationId === null ? null : pseudonyms.uuid(installationId),
    payload: fields ? erasedPayload(event, fields, pseudonyms) : subjects,
    extra: null,
  };
}

/** Returns true for a type name that holds the user's id, or any e-mail address or phone number. */
function isTelling({ type, typeName, userId }: NewEvent): boolean {
  if (type === typeName) return false;
  if (userId !== null && typeName.includes(userId)) return true;
  return !contactsIn(typeName).next().done;
}

function erasedPayload(
  { payload, userId }: NewEvent,
  fields: Readonly<Record<string, PayloadField>>,
  pseudonyms: Pseudonyms,
): JsonObject {
  const members: [string, JsonValue][] = [];
  for (const [key, field] of Object.entries(fields)) {
    const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
    if (value === undefined || field.personal) continue;
    // A value without the declared shape may hold anything. A user id may be a number.
    const isKnown = field.kind === 'userId' ? userId !== null : field.isValid(value);
    const isKept = isKnown && value !== null;
    members.push([key, isKept ? erasedValue(key, value, field, pseudonyms) : null]);
  }
  return Object.fromEntries(members);
}

function erasedValue(
  key: string,
  value: JsonValue,
  { kind }: PayloadField,
  pseudonyms: Pseudonyms,
): JsonValue {
  switch (kind) {
    case 'status':
      return value;
    case 'userId':
      return pseudonyms.user;
    case 'uuid':
      return pseudonyms.uuid(String(value).toLowerCase());
    case 'integer':
      return 0;
    case 'text':
    case 'email':
      return key.endsWith('_id') ? pseudonyms.uuid(String(value)) : '';
    default:
      return kind satisfies never;
  }
}
