/**
 * Browser script: storage for GraphiQL's tabs, history and favourites, and which of their headers
 * it keeps.
 *
 * `createStorage(config, opened)` returns the object that GraphiQL takes as `storage`. It runs
 * before GraphiQL starts, because GraphiQL reads its tabs once, at its first render.
 *
 * - The keys have a prefix: another GraphiQL on the same host and port (4000 is popular) would
 *   otherwise share its tabs and token.
 * - If the development token has changed, it replaces the tokens in all stored headers, because a
 *   new `DATA_DIR` has a new secret. If it has not, stored tokens stay, also one that the user typed
 *   in.
 * - Without a development token the headers may contain a real one, so headers are not stored.
 * - At its start GraphiQL compares the separately stored query, variables and headers with the tabs,
 *   and opens another tab if none matches. They are therefore overwritten with those of the active
 *   tab.
 */
export const browserStorage = String.raw`
function createStorage({ token, headers }, opened) {
  const prefix = 'eventline:';
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  const withoutHeaders = (key, value) => (key === 'headers' ? null : value);
  const storage = {
    get length() { return keys().length; },
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
    getItem: (key) => localStorage.getItem(prefix + key),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    setItem(key, value) {
      const holdsHeaders = /:(tabState|queries|favorites)$/.test(key);
      if (!token && holdsHeaders) value = JSON.stringify(JSON.parse(value), withoutHeaders);
      localStorage.setItem(prefix + key, value);
    },
  };

  const read = (key) => {
    try {
      return JSON.parse(storage.getItem('graphiql:' + key));
    } catch {
      return null;
    }
  };
  const write = (key, value) =>
    value ? storage.setItem('graphiql:' + key, value) : storage.removeItem('graphiql:' + key);

  // Edited as text, not parsed and printed: users leave comments in it.
  const withToken = (text) =>
    text && text.replace(
      /("authorization"\s*:\s*)"(?:\\.|[^"\\])*"/i,
      (_, name) => name + JSON.stringify('Bearer ' + token),
    );
  const isNewToken = token && storage.getItem('token') !== token;
  for (const [key, list] of [['tabState', 'tabs'], ['queries', 'queries'], ['favorites', 'favorites']]) {
    const stored = read(key);
    if (!Array.isArray(stored?.[list])) continue;
    if (isNewToken) for (const item of stored[list]) item.headers = withToken(item.headers);
    write(key, JSON.stringify(stored));
  }
  if (isNewToken) storage.setItem('token', token);
  if (!token) storage.removeItem('token');

  openTab(storage, opened);
  const tabs = read('tabState');
  const active = tabs?.tabs?.[tabs.activeTabIndex];
  for (const key of ['query', 'variables', 'headers']) write(key, active?.[key]);
  return storage;
}
`;
