/**
 * Whether to write in colours to a stream: on a terminal alone, unless `FORCE_COLOR` or `NO_COLOR`
 * says otherwise (no-color.org).
 */
export function wantsColours(env: NodeJS.ProcessEnv, stream: NodeJS.WritableStream): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: none, TERM: kind } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (none) return false;
  return (stream as NodeJS.WriteStream).isTTY === true && kind !== 'dumb';
}
