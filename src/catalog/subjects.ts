import { userId, uuid } from './field.ts';
import type { JsonObject } from './json.ts';

const { isValid: isUserId } = userId('');
const { isValid: isInstallationId } = uuid('');

/**
 * The user and the installation that an event is about. They are read from the payload of any type,
 * so that filters by user find events of unknown types too.
 */
export interface Subjects {
  readonly userId: string | null;
  /** Lower case: UUIDs are compared case-insensitively (RFC 9562, 4). */
  readonly installationId: string | null;
}

/**
 * Returns the subjects of a payload. A missing or malformed id is null. A user id that is a whole
 * number means its digits, so that the event is found, shown and erased with its user.
 */
export function subjectsOf(payload: JsonObject): Subjects {
  const user = Object.hasOwn(payload, 'user_id') ? payload.user_id : null;
  const installation = Object.hasOwn(payload, 'installation_id') ? payload.installation_id : null;
  return {
    userId: isUserId(user) ? String(user) : null,
    installationId: isInstallationId(installation) ? (installation as string).toLowerCase() : null,
  };
}
