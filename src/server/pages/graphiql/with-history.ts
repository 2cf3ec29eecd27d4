/** GraphiQL's own plugin in Yoga's bundle, and the list by which its wrapper leaves it out. */
const HISTORY = /\bconst (\w+)=\{title:"History",/;
const PLUGINS = /\bplugins:\[(\w+)\],schemaDescription:/;

/**
 * Yoga's GraphiQL with its history. The bundle holds it and exports neither it nor the explorer, and
 * the wrapper's list of plugins has the explorer alone; so the list is changed in the text. The
 * bundle's version is pinned.
 *
 * @throws Error when the bundle is another one than this was written for
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
