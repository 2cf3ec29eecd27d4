/**
 * Returns a command that sends an operation. The token comes from the environment, so that the command
 * can be shared.
 */
export function toCurl(
  endpoint: string,
  operation: { query: string; variables: Record<string, unknown> },
): string {
  const body = JSON.stringify(operation).replaceAll("'", String.raw`'\''`);
  return [
    `curl ${endpoint} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H "Authorization: Bearer $EVENTLINE_TOKEN" \\`,
    `  --data '${body}'`,
    '',
  ].join('\n');
}
