import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { EventlineError } from '../errors.ts';
import { createTelemetry } from '../telemetry.ts';
import { boundedFetch } from './bounded-fetch.ts';

/** Age at which keys are fetched again, so that withdrawn keys stop working. */
const MAX_AGE_MS = 10 * 60_000;
/** How long old keys are trusted while no new ones can be fetched. */
const MAX_STALE_MS = 24 * 3_600_000;
/** Minimum time between two fetches while keys are present, whatever tokens arrive. */
const COOLDOWN_MS = 30_000;

/** Keys cannot be fetched; reported once until they can be again. */
export const keySetFaults = createTelemetry<unknown>('token-keys-fault');

/**
 * Creates the key set of a token issuer (JWKS, RFC 7517). Keys are fetched at the first token,
 * after 10 minutes, and when a token names an unknown key, so a rotation needs no restart. While a
 * fetch fails, the old keys stay valid for up to a day.
 *
 * @throws jose's errors about the token; EventlineError SERVICE_UNAVAILABLE when there are no keys,
 * since the token's owner is not to blame
 */
export function createKeySet(url: URL): JWTVerifyGetKey {
  // jose fetches, one request at a time, and selects keys. When to fetch is decided here, since
  // jose's own rules drop the keys while they cannot be fetched.
  const keys = createRemoteJWKSet(url, {
    ...{ cacheMaxAge: Infinity, cooldownDuration: Infinity },
    [customFetch]: boundedFetch,
  });
  let fetchedAtMs = -Infinity;
  let loadedAtMs = -Infinity;
  let failure: unknown;

  async function load(): Promise<void> {
    fetchedAtMs = Date.now();
    try {
      await keys.reload();
      loadedAtMs = Date.now();
      failure = undefined;
    } catch (error) {
      if (failure === undefined) keySetFaults.publish(error);
      failure = error;
    }
  }

  const hasKeys = () => Date.now() < loadedAtMs + MAX_STALE_MS;
  const mayFetch = () => !hasKeys() || Date.now() >= fetchedAtMs + COOLDOWN_MS;

  return async (header, token) => {
    if (Date.now() >= loadedAtMs + MAX_AGE_MS && mayFetch()) await load();
    if (!hasKeys()) throw unavailable(failure);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw toVerificationError(error);
    }
    // A concurrent request may be loading the keys: its result serves this token too.
    if (mayFetch() || keys.reloading) await load();
    // The key may be among those that could not be fetched.
    if (failure !== undefined) throw unavailable(failure);
    try {
      return await keys(header, token);
    } catch (error) {
      throw toVerificationError(error);
    }
  };
}

/** Only "no matching key" and "several matching keys" are faults of the token. */
function toVerificationError(error: unknown): unknown {
  const isAboutToken =
    error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
  return isAboutToken ? error : unavailable(error);
}

function unavailable(cause: unknown): EventlineError {
  return new EventlineError(
    'SERVICE_UNAVAILABLE',
    'The key set of the token issuer cannot be fetched. Retry shortly.',
    { cause },
  );
}
