import { erasedEvent } from '../catalog/erased/erased-event.ts';
import type { StoredEvent } from '../catalog/event.ts';
import { withoutPersonal } from '../catalog/personal/without-personal.ts';
import type { Span } from '../log/read/log-reader.ts';
import { type EraseEvents, PAGE, rewrite } from './erase-pages.ts';

/**
 * Erases events without a user on the user's installations, such as their creation. On
 * installations that only this user had, they lose their device data and get an unlinkable
 * installation id; those installations are also returned. On shared installations they lose
 * declared personal fields, which may be the user's.
 *
 * @param also further installations of the user, as events in the inbox named them
 * @param dry only counts
 */
export async function eraseUnattributed(
  options: EraseEvents,
  span: Span,
  { also = [], dry = false }: { also?: readonly string[]; dry?: boolean } = {},
): Promise<{ count: number; installations: string[] }> {
  const { collections, pseudonyms, signal } = options;
  let count = 0;
  const own: string[] = [];
  const named = await installationsOf(options, span);
  for (const installationId of new Set([...named, ...also])) {
    const { positions, isShared } = await looseOn(installationId, options, span);
    if (!isShared) own.push(installationId);
    const change = (event: StoredEvent) => {
      if (event.installationId !== installationId || event.userId !== null) return event;
      if (isShared) return impersonal(event);
      return { ...erasedEvent(event, pseudonyms.loose), repeats: undefined };
    };
    for (let start = 0; start < positions.length; start += PAGE) {
      signal.throwIfAborted();
      count += await rewrite(collections, positions.slice(start, start + PAGE), change, dry);
    }
  }
  return { count, installations: own };
}

async function installationsOf(options: EraseEvents, span: Span): Promise<Set<string>> {
  const { reader, userId, signal } = options;
  const filter = { userIds: [userId] };
  const found = new Set<string>();
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
    for (const { installationId } of page.events) {
      if (installationId !== null) found.add(installationId);
    }
    after = page.reached;
  }
  return found;
}

/**
 * Returns the positions of events without a user, and whether another user had the installation.
 */
async function looseOn(installationId: string, options: EraseEvents, span: Span) {
  const { reader, userId, signal } = options;
  const filter = { installationIds: [installationId] };
  const positions: number[] = [];
  let isShared = false;
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
    for (const event of page.events) {
      if (event.userId === null) positions.push(event.position);
      else if (event.userId !== userId) isShared = true;
    }
    after = page.reached;
  }
  return { positions, isShared };
}

function impersonal(event: StoredEvent): StoredEvent {
  const payload = withoutPersonal(event.payload);
  const extra = event.extra && withoutPersonal(event.extra);
  return payload === event.payload && extra === event.extra ? event : { ...event, payload, extra };
}
