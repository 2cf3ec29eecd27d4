import type { View } from '../address/view.ts';

/** What a search found, or had found before. */
export interface Found {
  key: string;
  kind: 'User' | 'Installation' | 'Message' | 'Event';
  /** Its id, or the name of an event's type. */
  name: string;
  detail?: string;
  view: View;
}

/** Returns the result that leads to a user, an installation, a message or an event. */
export function toFound(
  page: 'user' | 'installation' | 'message' | 'event',
  id: string,
  detail: readonly (string | null | undefined)[] = [],
): Found {
  const kind = (page.charAt(0).toUpperCase() + page.slice(1)) as Found['kind'];
  const text = detail.filter(Boolean).join(' · ');
  return {
    key: `${page}:${id}`,
    kind,
    name: id,
    ...(text && { detail: text }),
    view: { page, id },
  };
}
