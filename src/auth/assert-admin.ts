import { EventlineError } from '../errors.ts';
import { scopes, type Viewer } from './viewer.ts';

/**
 * Throws unless the viewer may administer the log.
 * @throws EventlineError FORBIDDEN for a token without the scope
 */
export function assertAdmin({ scopes: given }: Pick<Viewer, 'scopes'>): void {
  if (given.has(scopes.admin)) return;
  throw new EventlineError('FORBIDDEN', `Missing scope: ${scopes.admin}.`);
}
