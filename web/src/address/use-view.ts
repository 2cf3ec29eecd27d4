import { useMemo, useSyncExternalStore } from 'react';
import { formatView, parseView, type View } from './view.ts';

/** Returns the view of the current address. */
export function useView(): View {
  const fragment = useSyncExternalStore(watchAddress, () => location.hash);
  return useMemo(() => parseView(fragment), [fragment]);
}

/** Navigates to a view; the browser's back button returns. */
export function navigateTo(view: View): void {
  location.hash = formatView(view);
}

function watchAddress(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
