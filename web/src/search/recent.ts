import { tabStore } from '../data/browser-storage.ts';
import type { Session } from '../session/create-session.ts';
import type { Found } from './to-found.ts';

const KEPT = 'eventline:live-page:recent';
const MAX_RECENT = 8;

/** Returns what was opened last from the search in this tab; ids are personal and leave with it. */
export function readRecent(): readonly Found[] {
  try {
    const kept: unknown = JSON.parse(tabStore.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? (kept as Found[]) : [];
  } catch {
    return [];
  }
}

/** Without the detail, which is of the moment, and says how it was found. */
export function addRecent({ detail: _, ...found }: Found): void {
  const others = readRecent().filter(({ key }) => key !== found.key);
  tabStore.setItem(KEPT, JSON.stringify([found, ...others].slice(0, MAX_RECENT)));
}

/** Forgets it when the bearer changes: another one must not see what this one searched. */
export function forgetRecentWithBearer({ current, subscribe }: Session): void {
  let { bearer } = current();
  subscribe(() => {
    if (current().bearer === bearer) return;
    bearer = current().bearer;
    tabStore.removeItem(KEPT);
  });
}
