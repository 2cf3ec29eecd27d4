import { signToken } from '../auth/sign-token.ts';
import { scopes } from '../auth/viewer.ts';
import type { Config } from '../config/config.ts';
import { readServerInfo } from '../embedded/lock-directory.ts';
import { CommandError } from './command-error.ts';
import { readDevelopmentSecrets } from './development-secrets.ts';

/** Where the server is: as told, else the one that runs on the data directory, else by HOST and PORT. */
export async function findServerUrl(config: Config, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
      throw new CommandError('--url: expected something like http://127.0.0.1:4000');
    }
    // It would be printed wherever the server is named.
    if (new URL(given).password !== '' || new URL(given).username !== '') {
      throw new CommandError('--url: leave out the user and the password');
    }
    return given.replace(/\/+$/, '');
  }
  const running = await readServerInfo(config.dataDir);
  return running?.url ?? `http://${config.host}:${config.port}`;
}

/** Where the server is that runs on the data directory now: with `PORT=0` another place at each start. */
export async function findMovedServer(config: Config, before: string): Promise<string> {
  return (await readServerInfo(config.dataDir))?.url ?? before;
}

/** The secret to sign deliveries with: as told, else the first configured, else the development one. */
export async function findWebhookSecret(config: Config, given: string | undefined) {
  const secret =
    given ??
    config.webhookSecrets?.[0] ??
    (await readDevelopmentSecrets(config.dataDir))?.webhookSecret;
  if (secret !== undefined) return secret;
  throw new CommandError(
    `No webhook secret is known. Give --secret or WEBHOOK_SECRETS, or start the server first: it makes one in ${config.dataDir}.`,
  );
}

/** The secret to sign tokens with: the configured one, else the development one. */
export async function findJwtSecret(config: Config): Promise<string> {
  if (config.tokenKeys && 'jwksUrl' in config.tokenKeys) {
    throw new CommandError(
      'Tokens are signed elsewhere (AUTH_JWKS_URL is set); ask there for one and give it with --token.',
    );
  }
  const secret =
    config.tokenKeys?.secret ?? (await readDevelopmentSecrets(config.dataDir))?.jwtSecret;
  if (secret !== undefined) return secret;
  throw new CommandError(
    `No secret to sign tokens with is known. Set AUTH_JWT_SECRET, or start the server first: it makes one in ${config.dataDir}.`,
  );
}

/**
 * A token of one's own that sees every event for an hour: whole, or without what is personal.
 * @throws CommandError
 */
export async function makeReadersToken(config: Config, isPersonal = true): Promise<string> {
  const { authIssuer: issuer, authAudience: audience } = config;
  const secret = await findJwtSecret(config);
  const scope = isPersonal ? `${scopes.readAll} ${scopes.personal}` : scopes.readAll;
  return signToken(secret, { scope, issuer, audience }, '1h');
}
