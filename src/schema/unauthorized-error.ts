import type { AuthFailure } from '@pothos/plugin-scope-auth';
import { missingScope } from '../auth/missing-scope.ts';
import { noVisibleEvents, rightsOf, scopes, type Viewer } from '../auth/viewer.ts';

/** Returns the error for a viewer without a right, with the scope that would grant it. */
export function unauthorizedError(viewer: Viewer, failure: AuthFailure): Error {
  if (isAboutAdmin(failure)) return missingScope(scopes.admin);
  return rightsOf(viewer).reader ? missingScope(scopes.readAll) : noVisibleEvents();
}

function isAboutAdmin(failure: AuthFailure): boolean {
  if ('failures' in failure) return failure.failures.some(isAboutAdmin);
  return (
    'scope' in failure && failure.scope === ('admin' satisfies keyof ReturnType<typeof rightsOf>)
  );
}
