import { maySeePersonal, scopes } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { EventlineError } from '../../errors.ts';
import type { GraphqlContext } from '../context.ts';

/** Part of the description of every personal field. */
export const personalNote = `Visible to that user and with \`${scopes.personal}\`; otherwise null with an error.`;

/** Options of a personal field: null with an error at its path for a viewer who may not see it. */
export const onlyPersonal = {
  authScopes: (event: StoredEvent, _: object, { viewer }: GraphqlContext) =>
    maySeePersonal(viewer, event),
  unauthorizedError: () =>
    new EventlineError(
      'FORBIDDEN',
      `This is personal: the scope ${scopes.personal} is needed, or to be the user it is about.`,
    ),
};
