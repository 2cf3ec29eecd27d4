import { Option } from 'commander';

/** Options that several commands share; each call creates a new one. */
export const urlOption = () =>
  new Option(
    '--url <url>',
    "the server's URL (default: the server running on DATA_DIR, else HOST and PORT)",
  );
export const secretOption = () =>
  new Option(
    '--secret <secret>',
    'the webhook secret (default: the first of WEBHOOK_SECRETS, else the development secret)',
  );
export const tokenOption = () =>
  new Option(
    '--token <jwt>',
    'the token to read with (default: one signed with AUTH_JWT_SECRET or the development secret)',
  );
