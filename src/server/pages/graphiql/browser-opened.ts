/**
 * Browser script: opens the operation of a link.
 *
 * `readOpened(headers)` returns the tab for the fragment of the address (`#query=…&variables=…`),
 * once: a reload does not open it again. A fragment is not sent to any server, since it may contain
 * user ids. The operation runs only when the user presses the button.
 *
 * `openTab(storage, tab)` adds it after the stored tabs and activates it. At a first visit it opens
 * together with the examples.
 */
export const browserOpened = String.raw`
function readOpened(headers) {
  const asked = new URLSearchParams(location.hash.slice(1));
  const query = asked.get('query');
  if (!query) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return { query, variables: asked.get('variables') ?? '', headers };
}

function openTab(storage, tab) {
  let stored;
  try {
    stored = JSON.parse(storage.getItem('graphiql:tabState'));
  } catch {
    return;
  }
  if (!tab || !Array.isArray(stored?.tabs)) return;
  const [, title] = /\b(?:query|mutation|subscription)\s+(\w+)/.exec(tab.query) ?? [];
  const id = String(Math.random());
  const rest = { id, hash: null, title: title ?? '<untitled>', operationName: null, response: null };
  stored.tabs.push({ ...rest, ...tab });
  stored.activeTabIndex = stored.tabs.length - 1;
  storage.setItem('graphiql:tabState', JSON.stringify(stored));
}
`;
