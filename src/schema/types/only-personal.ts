import { maySeePersonal, scopes } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { EventlineError } from '../../errors.ts';
import type { GraphqlContext } from '../context.ts';

/** Stands in the description of what is personal. */
export const personalNote = `For that user and for \`${scopes.personal}\`; for others null, with an error.`;

/** Options of a field: null with an error at its path for whoever may not see what is personal. */
export const onlyPersonal = {
  authScopes: (event: StoredEvent, _: object, { viewer }: GraphqlContext) =>
    maySeePersonal(viewer, event),
  unauthorizedError: () =>
    new EventlineError(
      'FORBIDDEN',
      `This is personal: the scope ${scopes.personal} is needed, or to be the user it is about.`,
    ),
};
