import { maySeePersonal, scopes } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { EventlineError } from '../../errors.ts';
import type { GraphqlContext } from '../context.ts';
import { pure } from '../subscriptions/analyze-sharing.ts';

/** Part of the description of every personal field. */
export const personalNote = `Visible to that user and with \`${scopes.personal}\`; otherwise null with an error.`;

export const PERSONAL_NEEDS = `This is personal: the scope ${scopes.personal} is needed, or to be the user it is about.`;

/** Key in the `extensions` of a personal field. */
const MARK = 'personal';

/** Options of a personal field: null with an error at its path for a viewer who may not see it. */
export const onlyPersonal = {
  extensions: { ...pure.extensions, [MARK]: true },
  authScopes: (event: StoredEvent, _: object, { viewer }: GraphqlContext) =>
    maySeePersonal(viewer, event),
  unauthorizedError: () => new EventlineError('FORBIDDEN', PERSONAL_NEEDS),
};

/** Returns true for a field with `onlyPersonal`. */
export const isPersonalField = ({ extensions }: { extensions: Readonly<object> }): boolean =>
  MARK in extensions;
