import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';

/** The sender's secrets are random strings of 16 to 32 characters. */
const MIN_CHARACTERS = 16;
/** A random string of 16 characters almost always has more distinct characters than this. */
const MIN_DIFFERENT = 8;
/** Words that example secrets contain. */
const EXAMPLE = /secret|changeme|change-me|password|example|test|eventline|0123|1234|abcd|qwert/i;

/** Checks the strength of the secrets without quoting them. */
export function inspectSecrets({ webhookSecrets, webhookScheme, tokenKeys }: Config): Finding[] {
  const findings: Finding[] = [];
  const developmentSecret = (check: string, name: string): Finding => ({
    check,
    level: 'warn',
    says: 'generated for development',
    todo: `Set ${name} before others use this server.`,
  });
  if (webhookSecrets === undefined)
    findings.push(developmentSecret('webhook secrets', 'WEBHOOK_SECRETS'));
  for (const [index, secret] of (webhookSecrets ?? []).entries()) {
    const check = `webhook secret ${index + 1} of ${webhookSecrets?.length}`;
    const isRepeated = webhookSecrets?.indexOf(secret) !== index;
    if (isRepeated) {
      const todo = 'Leave one of them out of WEBHOOK_SECRETS.';
      findings.push({ check, level: 'warn', says: 'is there twice', todo });
    } else if (webhookScheme === 'standard-webhooks' && secret.startsWith('whpk_')) {
      findings.push({ check, level: 'ok', says: 'a public key' });
    } else findings.push(strengthOf(check, secret, 'WEBHOOK_SECRETS'));
  }
  if (tokenKeys === undefined) {
    findings.push(developmentSecret('token secret', 'AUTH_JWT_SECRET or AUTH_JWKS_URL'));
  } else if ('secrets' in tokenKeys) {
    const { secrets } = tokenKeys;
    for (const [index, secret] of secrets.entries()) {
      const check = secrets.length === 1 ? 'token secret' : `token secret ${index + 1}`;
      findings.push(strengthOf(check, secret, 'AUTH_JWT_SECRET'));
      if (!webhookSecrets?.includes(secret)) continue;
      const says = 'is a webhook secret as well: the sender could sign tokens';
      findings.push({ check, level: 'fail', says, todo: 'Make another one.' });
    }
  }
  return findings;
}

function strengthOf(check: string, secret: string, setting: string): Finding {
  const todo = `Generate a random one (openssl rand -base64 24) and set it in ${setting}.`;
  const warn = (says: string): Finding => ({ check, level: 'warn', says, todo });
  if (secret.length < MIN_CHARACTERS) return warn(`has only ${secret.length} characters`);
  if (new Set(secret).size < MIN_DIFFERENT) return warn('has few different characters');
  if (EXAMPLE.test(secret)) return warn('looks like an example, not like a random one');
  return { check, level: 'ok', says: `${secret.length} characters` };
}
