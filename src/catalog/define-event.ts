import { z } from 'zod';
import type { PayloadField } from './field.ts';
import type { JsonObject } from './json.ts';

/** Definition of one event type of the sender's documentation. */
export interface EventDefinition {
  /** As the sender writes it: `message_sent`. */
  readonly name: string;
  /** The GraphQL object type: `MessageSent`. */
  readonly typeName: string;
  /** The value of the GraphQL enum EventType: `MESSAGE_SENT`. */
  readonly enumValue: string;
  readonly description: string;
  /** By the sender's key (`message_id`). */
  readonly fields: Readonly<Record<string, PayloadField>>;
  /** Payload of the sender's example. */
  readonly example: JsonObject;
  /**
   * What is wrong with a payload, a line for each fault (`payload.user_id: …`), never its values;
   * empty when it is right. Unlisted keys are no fault: payloads may grow.
   */
  readonly faults: (payload: JsonObject) => string[];
}

interface EventSource {
  name: string;
  description: string;
  fields: Record<string, PayloadField>;
  example: JsonObject;
}

/** `message_id` → `messageId`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Creates the definition of an event type and compiles the validation of its payload. */
export function defineEvent({ name, description, fields, example }: EventSource): EventDefinition {
  const schema = z.object(
    Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.schema])),
  );
  const camel = camelCase(name);
  return {
    name,
    typeName: camel.charAt(0).toUpperCase() + camel.slice(1),
    enumValue: name.toUpperCase(),
    description,
    fields,
    example,
    faults(payload) {
      const result = schema.safeParse(payload);
      if (result.success) return [];
      return result.error.issues.map((issue) => faultLine(issue, payload));
    },
  };
}

function faultLine(issue: z.core.$ZodIssue, payload: JsonObject): string {
  const path = ['payload', ...issue.path.map(String)].join('.');
  const key = String(issue.path[0]);
  if (!Object.hasOwn(payload, key)) return `${path}: is missing`;
  return `${path}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}
