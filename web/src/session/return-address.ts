import { tabStore } from '../data/browser-storage.ts';

const RETURN_TO = 'eventline:live-page:return-to';

/** Remembers the view of the page, which may name users, in this tab only. */
export function rememberAddress(): void {
  tabStore.setItem(RETURN_TO, location.hash);
}

/** Opens the remembered view again, once. */
export function restoreAddress(): void {
  const fragment = tabStore.getItem(RETURN_TO);
  tabStore.removeItem(RETURN_TO);
  // The path is the server's: one such as `//` would be taken for a host.
  if (fragment?.startsWith('#')) history.replaceState(null, '', fragment);
}
