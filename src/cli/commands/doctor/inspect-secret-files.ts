import type { Config } from '../../../config/config.ts';
import type { Finding } from '../../../config/finding.ts';
import { fileSettings } from '../../../config/secret-files.ts';

/** Reports which settings come from files; it quotes their paths and no value. */
export function inspectSecretFiles({ secretFiles, webhookSecrets = [] }: Config): Finding[] {
  return fileSettings.flatMap((name): Finding[] => {
    const path = secretFiles[name];
    if (path === undefined) return [];
    const check = `${name}_FILE`;
    const isList = name === 'WEBHOOK_SECRETS';
    if (isList && webhookSecrets.some((secret) => secret.includes(','))) {
      const todo = 'In a file each secret has a line of its own; a comma is part of the secret.';
      return [{ check, level: 'warn', says: `a secret in ${path} contains a comma`, todo }];
    }
    const count = isList ? ` (${webhookSecrets.length})` : '';
    return [{ check, level: 'ok', says: `read from ${path}${count}` }];
  });
}
