import { userId as userIdField } from '../catalog/field.ts';
import { EventlineError } from '../errors.ts';

const { schema } = userIdField('');

/**
 * Returns the id if it is a valid user id, by the same rule as the webhook's.
 * @throws EventlineError BAD_USER_INPUT, which does not quote the id
 */
export function assertUserId(userId: string): string {
  if (schema.safeParse(userId).success) return userId;
  throw new EventlineError('BAD_USER_INPUT', 'userId: expected an id of 1 to 512 characters.');
}
