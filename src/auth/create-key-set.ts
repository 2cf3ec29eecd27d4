import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { EventlineError } from '../errors.ts';

/** How old keys may get before they are asked for anew, so that withdrawn ones end. */
const MAX_AGE_MS = 10 * 60_000;
/** How long keys are good when no new ones can be had; then nobody knows what they are worth. */
const MAX_STALE_MS = 24 * 3_600_000;
/** Keys that are there already are asked for again at most so often, whatever comes in. */
const COOLDOWN_MS = 30_000;

/**
 * The published keys of one who signs tokens (JWKS, RFC 7517). They are asked for at the first
 * token, after 10 minutes, and when a token names a key that is not among them: a rotation needs no
 * restart. While they cannot be had, those that are there go on working, for a day at most.
 *
 * @param onFault told once when they cannot be had, until they could be again
 *
 * Throws jose's errors about the token, and EventlineError SERVICE_UNAVAILABLE when there are no
 * keys to judge it by: its owner is not to blame then.
 */
export function createKeySet(url: URL, onFault?: (error: unknown) => void): JWTVerifyGetKey {
  // jose fetches, one request at a time, and finds keys; when to fetch again is decided here, since
  // its own rules drop the keys while they cannot be fetched.
  const keys = createRemoteJWKSet(url, { cacheMaxAge: Infinity, cooldownDuration: Infinity });
  let askedAtMs = -Infinity;
  let loadedAtMs = -Infinity;
  let failure: unknown;

  async function load(): Promise<void> {
    askedAtMs = Date.now();
    try {
      await keys.reload();
      loadedAtMs = Date.now();
      failure = undefined;
    } catch (error) {
      if (failure === undefined) onFault?.(error);
      failure = error;
    }
  }

  const hasKeys = () => Date.now() < loadedAtMs + MAX_STALE_MS;
  const mayAsk = () => !hasKeys() || Date.now() >= askedAtMs + COOLDOWN_MS;

  return async (header, token) => {
    if (Date.now() >= loadedAtMs + MAX_AGE_MS && mayAsk()) await load();
    if (!hasKeys()) throw unavailable(failure);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw asFault(error);
    }
    // Others may have asked in this moment: their answer is this token's too.
    if (mayAsk() || keys.reloading) await load();
    // The key may be among those that cannot be had.
    if (failure !== undefined) throw unavailable(failure);
    try {
      return await keys(header, token);
    } catch (error) {
      throw asFault(error);
    }
  };
}

/** Only "there is no such key" speaks against the token, and "which of them?". */
function asFault(error: unknown): unknown {
  const isAboutToken =
    error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
  return isAboutToken ? error : unavailable(error);
}

function unavailable(cause: unknown): EventlineError {
  return new EventlineError(
    'SERVICE_UNAVAILABLE',
    'The keys that sign tokens cannot be reached at the moment. Try again shortly.',
    { cause },
  );
}
