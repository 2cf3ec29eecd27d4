/** Returns the faults of settings that production needs; `given` has those that are set. */
export function missingInProduction(given: Record<string, string | undefined>): string[] {
  const needs = [
    ['MONGODB_URI', 'the embedded database is for development; give a MongoDB replica set'],
    ['WEBHOOK_SECRETS', 'give the secret that the sender signs with'],
  ] as const;
  const faults = needs
    .filter(([name]) => given[name] === undefined)
    .map(([name, why]) => `${name}: is missing, and NODE_ENV is production: ${why}`);
  if (given.AUTH_JWT_SECRET === undefined && given.AUTH_JWKS_URL === undefined) {
    faults.push(
      'AUTH_JWT_SECRET or AUTH_JWKS_URL: one is missing, and NODE_ENV is production: say who signs tokens',
    );
  }
  if (given.AUTH_JWKS_URL !== undefined) {
    const missing = ['AUTH_ISSUER', 'AUTH_AUDIENCE'].filter((name) => given[name] === undefined);
    faults.push(
      ...missing.map(
        (name) =>
          `${name}: is missing, and NODE_ENV is production: who publishes keys may sign tokens for others too`,
      ),
    );
  }
  return faults;
}
