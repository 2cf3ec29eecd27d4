import { tabStore } from '../data/browser-storage.ts';

const RETURN_TO = 'eventline:live-page:return-to';

/** Remembers the address of the page, which holds ids of users, in this tab only. */
export function rememberAddress(): void {
  tabStore.setItem(RETURN_TO, location.pathname + location.search + location.hash);
}

/** Opens the remembered address again, once. */
export function restoreAddress(): void {
  const address = tabStore.getItem(RETURN_TO);
  tabStore.removeItem(RETURN_TO);
  if (address?.startsWith(location.pathname)) history.replaceState(null, '', address);
}
