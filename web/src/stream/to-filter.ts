import type { EventFilter } from '../../../src/client/create-events-client.ts';
import type { ListView } from '../address/view.ts';

/** The filters of a view that the chart has, too: it counts all types and its whole range. */
export function subjectsOf(list: ListView): EventFilter {
  const { userIds, installationIds, specialities, professionalIds, statuses } = list;
  return {
    ...(userIds.length > 0 && { userIds: [...userIds] }),
    ...(installationIds.length > 0 && { installationIds: [...installationIds] }),
    ...(specialities.length > 0 && { specialities: [...specialities] }),
    ...(professionalIds.length > 0 && { professionalIds: professionalIds.map(Number) }),
    ...(statuses.length > 0 && { statuses: [...statuses] }),
  };
}

/** Returns the server's filter for the list of a view. */
export function toFilter(list: ListView): EventFilter {
  const { types, from, until } = list;
  return {
    ...subjectsOf(list),
    ...(types.length > 0 && { types: [...types] }),
    ...(from && { occurredOn: { from, ...(until && { until }) } }),
  };
}
