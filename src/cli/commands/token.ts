import { signToken } from '../../auth/sign-token.ts';
import { scopes } from '../../auth/viewer.ts';
import { CommandError } from '../command-error.ts';
import { findJwtSecret } from '../find-server.ts';
import { line, type Terminal } from '../terminal.ts';

export interface TokenOptions {
  user?: string;
  scope?: string;
  expires: string;
}

/** Prints a signed token, and nothing else, to standard output. */
export async function token(terminal: Terminal, options: TokenOptions): Promise<void> {
  const config = terminal.config();
  const { user, expires } = options;
  if (!/^\d+ ?(s|m|h|d|w|y)$/.test(expires)) {
    throw new CommandError(`--expires: expected a span such as 30m, 1h or 7d, got ${expires}`);
  }
  const known: readonly string[] = Object.values(scopes);
  const scopeNames = options.scope?.split(/[ ,]+/).filter(Boolean);
  const unknown = scopeNames?.find((scope) => !known.includes(scope));
  if (unknown !== undefined) {
    throw new CommandError(`--scope: there is no ${unknown}; there are ${known.join(', ')}`);
  }
  const scope = scopeNames?.join(' ') ?? (user === undefined ? scopes.readAll : undefined);
  if (user === undefined && options.scope === undefined) {
    line(terminal.err, `Without --user and --scope the token has the scope ${scope}.`);
  }
  const { authIssuer: issuer, authAudience: audience, authUserClaim: userClaim } = config;
  const secret = await findJwtSecret(config);
  line(
    terminal.out,
    await signToken(secret, { user, scope, issuer, audience, userClaim }, expires),
  );
}
