import type { StoredEvent } from '../catalog/event.ts';
import { filterValue } from '../catalog/filter-keys.ts';
import { type Filter, typesOf } from '../log/read/filter.ts';

const ALL = '*';
const ofType = (type: string) => `type:${type}`;
const ofUser = (userId: string) => `user:${userId}`;
// Type names come from the catalog and contain no colon, so no user id can produce another topic.
const ofUserAndType = (userId: string, type: string) => `user-type:${type}:${userId}`;
const ofInstallation = (installationId: string) => `installation:${installationId}`;
const ofProfessional = (professionalId: number) => `professional:${professionalId}`;

/** The topics of an event, one of each kind. */
export function topicsOf(event: StoredEvent): string[] {
  const { type, userId, installationId } = event;
  const topics = [ALL, ofType(type)];
  if (userId !== null) topics.push(ofUser(userId), ofUserAndType(userId, type));
  if (installationId !== null) topics.push(ofInstallation(installationId));
  const professionalId = filterValue(event, 'professionalIds');
  if (typeof professionalId === 'number') topics.push(ofProfessional(professionalId));
  return topics;
}

/**
 * The fewest topics that deliver everything a filter matches. They are of one kind, so that no
 * event arrives twice, and of the most selective kind: users and installations before
 * professionals, professionals before types. The filter's predicate checks the rest.
 */
export function topicsFor(filter: Filter): string[] {
  const types = typesOf(filter);
  const userIds = unique(filter.userIds);
  if (userIds && types) {
    return userIds.flatMap((user) => types.map((type) => ofUserAndType(user, type)));
  }
  if (userIds) return userIds.map(ofUser);
  const installationIds = unique(filter.installationIds);
  if (installationIds) return installationIds.map(ofInstallation);
  const professionalIds = unique(filter.professionalIds);
  if (professionalIds) return professionalIds.map(ofProfessional);
  return types?.map(ofType) ?? [ALL];
}

function unique<T>(values: readonly T[] | undefined): T[] | undefined {
  return values && [...new Set(values)];
}
