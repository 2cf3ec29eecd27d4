import { erasedEvent } from '../catalog/erased/erased-event.ts';
import type { NewEvent, StoredEvent } from '../catalog/event.ts';
import { withoutPersonal } from '../catalog/personal/without-personal.ts';
import type { Span } from '../log/read/log-reader.ts';
import { PAGE, type RewriteOptions, rewriteEvents } from '../log/rewrite-events.ts';
import type { EraseEvents } from './types.ts';

/**
 * Erases events without a user on the user's installations, such as their creation. On
 * installations that only this user had, they lose their device data and get an unlinkable
 * installation id. On shared installations they lose declared personal fields, which may be the
 * user's. Each changed event gets a new identity.
 *
 * @param installations the user's installations
 */
export async function eraseUnattributed(
  options: EraseEvents,
  span: Span,
  installations: Iterable<string>,
  rewriteOptions: RewriteOptions = {},
): Promise<{ count: number; own: string[]; shared: string[] }> {
  const { pseudonyms } = options;
  let count = 0;
  const [own, shared]: [string[], string[]] = [[], []];
  for (const installationId of installations) {
    const { positions, isShared } = await findUnattributed(installationId, options, span);
    (isShared ? shared : own).push(installationId);
    const change = (event: StoredEvent) => {
      if (event.installationId !== installationId || event.userId !== null) return event;
      const erased = isShared ? impersonal(event) : erasedEvent(event, pseudonyms.unattributed);
      if (erased === event) return event;
      return { ...erased, digest: pseudonyms.digest(event.digest), repeats: undefined };
    };
    count += await rewriteEvents(options, positions, change, rewriteOptions);
  }
  return { count, own, shared };
}

/**
 * Returns the positions of events without a user, and whether another user had the installation.
 */
async function findUnattributed(installationId: string, options: EraseEvents, span: Span) {
  const { reader, userId, signal } = options;
  const filter = { installationIds: [installationId] };
  const positions: number[] = [];
  let isShared = false;
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read(
      { after, upTo: span.upTo },
      { filter, limit: PAGE, signal, isPublished: true },
    );
    for (const event of page.events) {
      if (event.userId === null) positions.push(event.position);
      else if (event.userId !== userId) isShared = true;
    }
    after = page.reached;
  }
  return { positions, isShared };
}

/** Returns an event without personal data, which may be anybody's. */
export function impersonal<T extends NewEvent>(event: T): T {
  const payload = withoutPersonal(event.payload);
  const extra = event.extra && withoutPersonal(event.extra);
  return payload === event.payload && extra === event.extra ? event : { ...event, payload, extra };
}
