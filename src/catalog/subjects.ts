import { userId, uuid } from './field.ts';
import type { JsonObject } from './json.ts';

const userSchema = userId('').schema;
const installationSchema = uuid('').schema;

/** Whom an event is about. Read from any payload alike, so that unknown types can be found too. */
export interface Subjects {
  readonly userId: string | null;
  /** Lower case: UUIDs are compared without regard to case (RFC 9562, 4). */
  readonly installationId: string | null;
}

/** Takes the subjects out of a payload; what is missing or not of the right shape is null. */
export function subjectsOf(payload: JsonObject): Subjects {
  const user = Object.hasOwn(payload, 'user_id') ? payload.user_id : null;
  const installation = Object.hasOwn(payload, 'installation_id') ? payload.installation_id : null;
  return {
    userId: userSchema.safeParse(user).success ? (user as string) : null,
    installationId: installationSchema.safeParse(installation).success
      ? (installation as string).toLowerCase()
      : null,
  };
}
