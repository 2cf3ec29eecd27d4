import { failureReason } from '../../../auth/sign-in/failure-reason.ts';
import { findProvider } from '../../../auth/sign-in/identity-provider.ts';
import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';

/** Checks that the provider where people sign in can be found, and that there is a page for them. */
export async function inspectSignIn(config: Config): Promise<Finding[]> {
  const { signIn, livePage, graphiql } = config;
  if (signIn === undefined) return [];
  const check = 'sign-in';
  const findings: Finding[] = [];
  try {
    await findProvider(signIn);
    findings.push({ check, level: 'ok', says: 'the provider publishes its configuration' });
  } catch (error) {
    const todo = 'Check OIDC_ISSUER, and that this machine reaches it.';
    const says = `the provider's configuration cannot be used: ${failureReason(error)}`;
    findings.push({ check, level: 'fail', says, todo });
  }
  if (!livePage && !graphiql) {
    const todo = 'Set LIVE_PAGE=on or GRAPHIQL=on.';
    findings.push({ check, level: 'warn', says: 'there is no page to sign in for', todo });
  }
  return findings;
}
