import { z } from 'zod';
import { catalog } from '../catalog/catalog.ts';
import type { EventDefinition } from '../catalog/define-event.ts';
import { type FieldKind, MAX_SUBJECT_LENGTH, type PayloadField } from '../catalog/field.ts';
import { statusCodes } from '../catalog/user-status.ts';

/** A JSON Schema (draft 2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const OTHERS = 'Other members are accepted and kept.';

const statuses = Object.entries(statusCodes)
  .map(([name, code]) => `${code} (${name})`)
  .join(', ');

/** What the kind of a field adds to its description. */
const kindNotes: Readonly<Partial<Record<FieldKind, string>>> = {
  userId: 'A whole number means its digits.',
  status: `Known values: ${statuses}.`,
  email: 'Any text is accepted.',
};

/** Returns the schema of a delivery of each event type, by the sender's name of the type. */
export function eventSchemas(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    catalog.map((definition) => [
      definition.name,
      { $schema: DIALECT, $id: schemaId(definition.name), ...deliverySchema(definition) },
    ]),
  );
}

function schemaId(name: string): string {
  return `urn:eventline:schema:${name}`;
}

/** The body of a delivery. */
export function deliverySchema(definition: EventDefinition): JsonSchema {
  const { name, typeName, description, example } = definition;
  return {
    title: typeName,
    description: `${description} ${OTHERS}`,
    type: 'object',
    properties: {
      type: { const: name },
      occurred_on: {
        type: 'string',
        description: 'When it happened: a date and time with an offset.',
        examples: ['2021-09-14T15:55:12.642+00:00'],
      },
      payload: payloadSchema(definition),
    },
    required: ['type', 'occurred_on', 'payload'],
    examples: [{ type: name, occurred_on: '2021-09-14T15:55:12.642+00:00', payload: example }],
  };
}

/** The payload that the catalog declares. Another payload is a `MalformedEvent`. */
export function payloadSchema({ fields, example }: EventDefinition): JsonSchema {
  return {
    type: 'object',
    description: OTHERS,
    properties: Object.fromEntries(
      Object.entries(fields).map(([key, field]) => [key, fieldSchema(field)]),
    ),
    required: Object.keys(fields).filter((key) => !fields[key]?.nullable),
    examples: [example],
  };
}

function fieldSchema(field: PayloadField): JsonSchema {
  const { schema, kind, description, personal } = field;
  const { $schema: _, ...shape } =
    kind === 'userId' ? userIdSchema(field) : z.toJSONSchema(schema, { io: 'input' });
  const notes = [description, kindNotes[kind], personal && 'Personal.'];
  return {
    ...shape,
    description: notes.filter(Boolean).join(' '),
    ...(personal && { 'x-personal': true }),
  };
}

/** The catalog validates user ids by functions, which zod cannot translate. */
function userIdSchema({ nullable }: Pick<PayloadField, 'nullable'>): JsonSchema {
  return {
    type: ['string', 'integer', ...(nullable ? ['null'] : [])],
    minLength: nullable ? 0 : 1,
    maxLength: MAX_SUBJECT_LENGTH,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  };
}
