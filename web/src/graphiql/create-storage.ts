import { operationName } from './operation-name.ts';
import type { Example, Tab } from './read-opened.ts';

const PREFIX = 'eventline:';
/** GraphiQL's stored lists, whose items have headers, with the name of the list in each. */
const LISTS = [
  ['tabState', 'tabs'],
  ['queries', 'queries'],
  ['favorites', 'favorites'],
] as const;

type Text = string | null | undefined;
type Item = { query?: Text; variables?: Text; headers?: Text };
type Lists = Partial<Record<(typeof LISTS)[number][1], Item[]>> & { activeTabIndex?: number };

export interface StorageOptions {
  /** The development token, if the page has one. */
  token?: string;
  /** Added after the stored tabs; at a first visit GraphiQL opens it together with the examples. */
  opened?: Tab | undefined;
  examples: readonly Example[];
}

/**
 * Creates the storage for GraphiQL's tabs, history and favourites, and decides which of their
 * headers it keeps. It must exist before GraphiQL starts, because GraphiQL reads its tabs once, at
 * its first render.
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
export function createStorage({ token, opened, examples }: StorageOptions) {
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const storage = {
    get length() {
      return keys().length;
    },
    clear() {
      for (const key of keys()) localStorage.removeItem(key);
    },
    getItem: (key: string) => localStorage.getItem(PREFIX + key),
    removeItem: (key: string) => localStorage.removeItem(PREFIX + key),
    setItem(key: string, value: string) {
      const holdsHeaders = LISTS.some(([name]) => key.endsWith(`:${name}`));
      const kept =
        !token && holdsHeaders ? JSON.stringify(JSON.parse(value), withoutHeaders) : value;
      localStorage.setItem(PREFIX + key, kept);
    },
  };

  const read = (key: string): Lists | null => {
    try {
      return JSON.parse(storage.getItem(`graphiql:${key}`) ?? 'null');
    } catch {
      return null;
    }
  };
  const write = (key: string, value: Text) =>
    value ? storage.setItem(`graphiql:${key}`, value) : storage.removeItem(`graphiql:${key}`);

  const isNewToken = token !== undefined && storage.getItem('token') !== token;
  for (const [key, list] of LISTS) {
    const stored = read(key);
    const items = stored?.[list];
    if (!Array.isArray(items)) continue;
    if (isNewToken) for (const item of items) item.headers = withToken(item.headers, token);
    write(key, JSON.stringify(stored));
  }
  if (isNewToken) storage.setItem('token', token);
  if (!token) storage.removeItem('token');

  const state = read('tabState');
  const tabs = Array.isArray(state?.tabs) ? state.tabs : [];
  if (opened && state && tabs.length > 0) {
    state.activeTabIndex = tabs.push(toItem(opened)) - 1;
    write('tabState', JSON.stringify(state));
  }
  // At a first visit GraphiQL takes the query from the first tab, and the variables from here only.
  const active = state ? tabs[state.activeTabIndex ?? -1] : variablesOf(opened ?? examples[0]);
  for (const key of ['query', 'variables', 'headers'] as const) write(key, active?.[key]);
  return storage;
}

function variablesOf(first: Example | undefined): Item {
  return { variables: first?.variables };
}

function toItem(tab: Tab): Item {
  const title = operationName(tab.query) ?? '<untitled>';
  const state = {
    id: String(Math.random()),
    hash: null,
    title,
    operationName: null,
    response: null,
  };
  return { ...state, ...tab };
}

function withoutHeaders(key: string, value: unknown): unknown {
  return key === 'headers' ? null : value;
}

/** Edits the headers as a text, not parsed and printed: users leave comments in it. */
function withToken(headers: Text, token: string): Text {
  return headers?.replace(
    /("authorization"\s*:\s*)"(?:\\.|[^"\\])*"/i,
    (_, name) => name + JSON.stringify(`Bearer ${token}`),
  );
}
