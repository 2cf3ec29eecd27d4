import type { StoredEvent } from '../catalog/event.ts';
import type { Filter } from '../log/filter.ts';

const ALL = '*';
const ofType = (type: string) => `type:${type}`;
const ofUser = (userId: string) => `user:${userId}`;
// Types come from the catalog and hold no colon, so no user id can imitate another topic.
const ofUserAndType = (userId: string, type: string) => `user-type:${type}:${userId}`;

/** The topics that an event is published on, each of another kind. */
export function topicsOf({ type, userId }: StoredEvent): string[] {
  if (userId === null) return [ALL, ofType(type)];
  return [ALL, ofType(type), ofUser(userId), ofUserAndType(userId, type)];
}

/**
 * The fewest topics that bring all that a filter wants. They are of one kind, so that no event
 * comes twice; what the filter asks beyond them is for its predicate.
 */
export function topicsFor({ types, userIds }: Filter): string[] {
  const uniqueTypes = types && [...new Set(types)];
  const uniqueUsers = userIds && [...new Set(userIds)];
  if (uniqueUsers && uniqueTypes) {
    return uniqueUsers.flatMap((user) => uniqueTypes.map((type) => ofUserAndType(user, type)));
  }
  if (uniqueUsers) return uniqueUsers.map(ofUser);
  if (uniqueTypes) return uniqueTypes.map(ofType);
  return [ALL];
}
