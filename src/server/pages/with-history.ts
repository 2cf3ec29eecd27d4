/** GraphiQL's plugin in Yoga's bundle, and the list from which Yoga's wrapper omits it. */
const HISTORY = /\bconst (\w+)=\{title:"History",/;
const PLUGINS = /\bplugins:\[(\w+)\],schemaDescription:/;

/**
 * Returns Yoga's GraphiQL with its history. The bundle contains the history and exports neither it
 * nor the explorer, and the wrapper's plugin list has only the explorer, so the list is changed in
 * the text. The version of the bundle is pinned.
 *
 * @throws Error when the bundle has another version
 */
export function withHistory(bundle: string): string {
  const history = HISTORY.exec(bundle)?.[1];
  if (history === undefined || !PLUGINS.test(bundle)) {
    throw new Error('@graphql-yoga/render-graphiql has changed: its history is not found.');
  }
  return bundle.replace(
    PLUGINS,
    (_, explorer) => `plugins:[${history},${explorer}],schemaDescription:`,
  );
}
