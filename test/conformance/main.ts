import { parseArgs } from 'node:util';
import { runChecks } from './run-checks.ts';

const USAGE = `Checks what a GraphQL client may rely on, against any server.

  npm run conformance -- --url http://127.0.0.1:4000 --token <JWT with events:read> [--secret <webhook secret>]

Without --secret, the checks that need new events are left out.
`;
/** How long one check may take, in milliseconds. */
const TIMEOUT_MS = 30_000;
const EXIT_FAILED = 1;
const EXIT_OPTIONS = 2;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { url: text, token: text, secret: text } });
if (values.url === undefined || values.token === undefined) {
  process.stderr.write(USAGE);
  process.exit(EXIT_OPTIONS);
}
const url = values.url.replace(/\/+$/, '');
const results = await runChecks({ url, token: values.token, secret: values.secret }, TIMEOUT_MS);
const failed = results.filter(({ fault }) => fault !== undefined);
for (const { name, fault } of failed) process.stdout.write(`failed: ${name}\n  ${fault}\n`);
process.stdout.write(`${results.length - failed.length} passed, ${failed.length} failed\n`);
// A failed check may have left a connection open.
process.exit(failed.length > 0 ? EXIT_FAILED : 0);
