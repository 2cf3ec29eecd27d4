/**
 * Returns true when output to a stream is coloured: on a terminal only, unless `FORCE_COLOR` or
 * `NO_COLOR` is set (no-color.org).
 */
export function supportsColours(env: NodeJS.ProcessEnv, stream: NodeJS.WritableStream): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: none, TERM: kind } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (none) return false;
  return (stream as NodeJS.WriteStream).isTTY === true && kind !== 'dumb';
}
