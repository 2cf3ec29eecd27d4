/** The errors of RFC 6749 (4.1.2.1 and 5.2) and OpenID Connect Core 1.0 (3.1.2.6). */
const STANDARD_ERRORS: ReadonlySet<unknown> = new Set([
  ...['invalid_request', 'unauthorized_client', 'access_denied', 'unsupported_response_type'],
  ...['invalid_scope', 'server_error', 'temporarily_unavailable', 'invalid_client'],
  ...['invalid_grant', 'unsupported_grant_type', 'interaction_required', 'login_required'],
  ...['account_selection_required', 'consent_required'],
]);

/**
 * Says why a provider could not be used: `ENOTFOUND`, or `OAUTH_RESPONSE_BODY_ERROR: invalid_grant`.
 * The text contains nothing that the provider chose, except one of the standard errors.
 */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code, cause, name } = error as NodeJS.ErrnoException;
  // `fetch` says only that it failed; the error of the connection is its cause.
  if (code === undefined && cause instanceof Error) return failureReason(cause);
  const standard = standardErrorOf(error);
  return standard === undefined ? (code ?? name) : `${code ?? name}: ${standard}`;
}

/** Returns the error that the provider answered, if it is a standard one. */
function standardErrorOf(error: Error): string | undefined {
  const challenges = Array.isArray(error.cause) ? error.cause : [];
  const answered = [error, ...challenges.map((challenge) => challenge?.parameters)];
  return answered.map((one) => one?.error).find((one) => STANDARD_ERRORS.has(one));
}
