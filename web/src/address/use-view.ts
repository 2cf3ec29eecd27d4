import { useMemo, useSyncExternalStore } from 'react';
import { formatView, parseView, type View } from './view.ts';

/** The view that the address names. */
export function useView(): View {
  const fragment = useSyncExternalStore(watchAddress, () => location.hash);
  return useMemo(() => parseView(fragment), [fragment]);
}

/** Goes to a view, in the way that the browser's back button undoes. */
export function goTo(view: View): void {
  location.hash = formatView(view);
}

function watchAddress(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
