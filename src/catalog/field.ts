import { z } from 'zod';
import { hasAtMost } from './characters.ts';
import type { JsonValue } from './json.ts';
import type { PayloadFilterName, PayloadFilterOf } from './payload-filters.ts';

/**
 * Longest text that may identify a user, since it is a key of indexes and topics. Unit: characters.
 */
export const MAX_SUBJECT_LENGTH = 512;

/**
 * Layout of RFC 9562; version and variant bits are not checked. Without flags, so that JSON Schema can
 * state it.
 */
export const UUID_LAYOUT =
  /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/** How a payload field appears in GraphQL; `status` yields two fields, the enum and the integer. */
export type FieldKind = 'text' | 'userId' | 'uuid' | 'integer' | 'email' | 'status';

/** A field of an event's payload: its validation and its GraphQL type. */
export interface PayloadField {
  readonly kind: FieldKind;
  readonly description: string;
  /**
   * `|null` in the sender's documentation, or personal data, which the sender may not have; a missing
   * key counts as null.
   */
  readonly nullable: boolean;
  /**
   * True for data by which a person can be contacted or identified, except the user id. Only that
   * user and viewers with `pii:read` see it. `isPersonalKey` then hides its key in the payloads of all
   * types.
   */
  readonly personal: boolean;
  /** The filter that finds events by this field. */
  readonly filter: PayloadFilterName | undefined;
  readonly schema: z.ZodType;
  /** Returns true for a value of the declared shape. */
  readonly isValid: (value: JsonValue | undefined) => boolean;
}

interface FieldOptions<Kind extends FieldKind> {
  nullable?: boolean;
  personal?: boolean;
  filter?: PayloadFilterOf<Kind>;
}

function field<Kind extends FieldKind>(
  kind: Kind,
  schema: z.ZodType,
  description: string,
  { nullable: isNullable = false, personal = false, filter }: FieldOptions<Kind> = {},
): PayloadField {
  const nullable = isNullable || personal;
  const declared = nullable ? schema.nullish() : schema;
  const isValid = (value: JsonValue | undefined) => declared.safeParse(value).success;
  return { kind, description, nullable, personal, filter, schema: declared, isValid };
}

const subject = z.string().refine((text) => hasAtMost(text, MAX_SUBJECT_LENGTH), {
  error: `expected at most ${MAX_SUBJECT_LENGTH} characters`,
});
/** The webhook shows a number that a double cannot hold as a text, so every size means its digits. */
const userIdOf = (schema: z.ZodType) =>
  z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), schema);
const uuidSchema = z.string().regex(UUID_LAYOUT, 'expected a UUID');
const integerSchema = z.int({ error: ({ input }) => (isTooLarge(input) ? TOO_LARGE : undefined) });
const TOO_LARGE = 'too large: expected a whole number within ±(2^53 − 1)';
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The webhook shows such a number as a text (`validateIJson`). */
function isTooLarge(value: unknown): boolean {
  // Not of objects: their members may have the names of the conversion to a number.
  const isNumber = typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value));
  return isNumber && Math.abs(Number(value)) > Number.MAX_SAFE_INTEGER;
}

/** Free text, stored as sent. */
export const text = (description: string, options?: FieldOptions<'text'>) =>
  field('text', z.string(), description, options);

/**
 * The sender's user id: a non-empty string. A whole number means its digits. Where it may be null, an
 * empty string means null.
 */
export const userId = (description: string, options?: FieldOptions<'userId'>) => {
  const isNotEmpty = (id: string) => options?.nullable || id !== '';
  const schema = subject.refine(isNotEmpty, { error: 'expected a text that is not empty' });
  return field('userId', userIdOf(schema), description, options);
};

/** A UUID of 36 characters, any version, any case. */
export const uuid = (description: string, options?: FieldOptions<'uuid'>) =>
  field('uuid', uuidSchema, description, options);

/** An integer within ±(2^53 − 1). */
export const integer = (description: string, options?: FieldOptions<'integer'>) =>
  field('integer', integerSchema, description, options);

/** An e-mail address. Any text is accepted: a malformed address must not make an event invalid. */
export const email = (description: string, options?: FieldOptions<'email'>) =>
  field('email', z.string(), description, options);

/** A user's plan as the sender's integer; unlisted integers are kept. */
export const status = (description: string, options?: FieldOptions<'status'>) =>
  field('status', integerSchema, description, options);
