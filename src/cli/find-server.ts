import { signToken } from '../auth/sign-token.ts';
import { scopes } from '../auth/viewer.ts';
import type { Config } from '../config/config.ts';
import { toSchemeSecret } from '../config/webhook-scheme.ts';
import { readServerInfo } from '../embedded/lock-directory.ts';
import { createSigner, type Signer } from '../webhook/create-signer.ts';
import { CommandError } from './command-error.ts';
import { readDevelopmentSecrets } from './development-secrets.ts';

/**
 * Returns the server's URL: the given one, else that of the server running on the data directory,
 * else from HOST and PORT.
 */
export async function findServerUrl(config: Config, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
      throw new CommandError('--url: expected something like http://127.0.0.1:4000');
    }
    // The URL is printed in messages, so it must not contain credentials.
    if (new URL(given).password !== '' || new URL(given).username !== '') {
      throw new CommandError('--url: leave out the user and the password');
    }
    return given.replace(/\/+$/, '');
  }
  const running = await readServerInfo(config.dataDir);
  return running?.url ?? `http://${config.host}:${config.port}`;
}

/**
 * Returns the current URL of the server on the data directory; with `PORT=0` each start has another
 * one.
 */
export async function findMovedServer(config: Config, before: string): Promise<string> {
  return (await readServerInfo(config.dataDir))?.url ?? before;
}

/**
 * Returns the signer of deliveries: with the given secret, else the first configured one, else the
 * development one.
 */
export async function findSigner(config: Config, given: string | undefined): Promise<Signer> {
  const { webhookScheme: scheme, webhookSecrets, dataDir } = config;
  const made = async () => {
    const secrets = await readDevelopmentSecrets(dataDir);
    return secrets && toSchemeSecret(scheme, secrets.webhookSecret);
  };
  const secret = given ?? webhookSecrets?.[0] ?? (await made());
  try {
    if (secret !== undefined) return createSigner(scheme, secret);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(
      `The webhook secret cannot sign: ${error.message}. Pass the sender's with --secret.`,
    );
  }
  throw new CommandError(
    `No webhook secret. Give --secret or WEBHOOK_SECRETS, or start the server first: it generates one in ${config.dataDir}.`,
  );
}

/** Returns the secret to sign tokens with: the first configured one, else the development one. */
export async function findJwtSecret(config: Config): Promise<string> {
  if (config.tokenKeys && 'jwksUrl' in config.tokenKeys) {
    throw new CommandError(
      'Tokens are signed by another issuer (AUTH_JWKS_URL is set): get one there and pass it with --token.',
    );
  }
  const secret =
    config.tokenKeys?.secrets[0] ?? (await readDevelopmentSecrets(config.dataDir))?.jwtSecret;
  if (secret !== undefined) return secret;
  throw new CommandError(
    `No secret to sign tokens. Set AUTH_JWT_SECRET, or start the server first: it generates one in ${config.dataDir}.`,
  );
}

/**
 * Signs a token that reads all events for one hour, with or without personal values.
 * @throws CommandError
 */
export async function createReaderToken(config: Config, isPersonal = true): Promise<string> {
  const { authIssuer: issuer, authAudience: audience } = config;
  const secret = await findJwtSecret(config);
  const scope = isPersonal ? `${scopes.readAll} ${scopes.personal}` : scopes.readAll;
  return signToken(secret, { scope, issuer, audience }, '1h');
}
