import type { EventFilter } from '../../../src/client/create-events-client.ts';
import type { ListView } from '../address/view.ts';

/** The subjects of a view: what the chart counts, over all types and the whole hour. */
export function subjectsOf({ userIds, installationIds }: ListView): EventFilter {
  return {
    ...(userIds.length > 0 && { userIds: [...userIds] }),
    ...(installationIds.length > 0 && { installationIds: [...installationIds] }),
  };
}

/** Returns the server's filter for the list of a view. */
export function toFilter(list: ListView): EventFilter {
  const { types, from, until } = list;
  return {
    ...subjectsOf(list),
    ...(types.length > 0 && { types: [...types] }),
    ...(from && until && { occurredOn: { from, until } }),
  };
}
