/**
 * Browser script: an operation that a link asks for.
 *
 * `readOpened(headers)` gives the tab for what stands in the fragment of the address
 * (`#query=…&variables=…`), once: a reload does not open it again. The fragment is sent to no server,
 * since ids of people may stand in it. Nothing is run before somebody presses the button.
 *
 * `openTab(storage, tab)` puts it behind the stored tabs, and in front of them to the eye. At a first
 * visit there are none, and it opens with the examples.
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
