import { missingScope } from './missing-scope.ts';
import { scopes, type Viewer } from './viewer.ts';

/**
 * Throws unless the viewer may administer the log.
 * @throws EventlineError FORBIDDEN for a token without the scope
 */
export function assertAdmin({ scopes: given }: Pick<Viewer, 'scopes'>): void {
  if (!given.has(scopes.admin)) throw missingScope(scopes.admin);
}
