import { userId as userIdField } from '../catalog/field.ts';
import { EventlineError } from '../errors.ts';

const { schema } = userIdField('');

/**
 * The id if a user can have it, as the catalog takes it from the sender.
 * @throws EventlineError BAD_USER_INPUT, which does not quote it
 */
export function assertUserId(userId: string): string {
  if (schema.safeParse(userId).success) return userId;
  throw new EventlineError('BAD_USER_INPUT', 'userId: expected an id of 1 to 512 characters.');
}
