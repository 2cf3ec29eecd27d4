import { definitionByName } from '../catalog.ts';
import type { NewEvent } from '../event.ts';
import type { PayloadField } from '../field.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** What stands for what is erased: the same for the same, and nothing leads back. */
export interface Pseudonyms {
  /** Of the user. */
  readonly user: string;
  /** A UUID for an identifier of something else of theirs: an installation, a message. */
  uuid(identifier: string): string;
}

/**
 * What stays of an event whose user is erased: type, instants, plan, and that it was about
 * somebody, on some installation, with some message. An allow-list: what the catalog does not
 * declare goes, and of what it declares only statuses are kept as they are. Texts that a reader's
 * schema promises are empty, numbers 0.
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
    typeName: userId !== null && typeName.includes(userId) ? event.type : typeName,
    // As the sender writes it usually; a longer form says more than is needed.
    occurredText: occurredOn.toISOString().replace('Z', '+00:00'),
    userId: userId === null ? null : pseudonyms.user,
    installationId: installationId === null ? null : pseudonyms.uuid(installationId),
    payload: fields ? erasedPayload(event.payload, fields, pseudonyms) : subjects,
    extra: null,
  };
}

function erasedPayload(
  payload: JsonObject,
  fields: Readonly<Record<string, PayloadField>>,
  pseudonyms: Pseudonyms,
): JsonObject {
  const members: [string, JsonValue][] = [];
  for (const [key, field] of Object.entries(fields)) {
    const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
    if (value === undefined || field.personal) continue;
    members.push([key, value === null ? null : erasedValue(key, value, field, pseudonyms)]);
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
