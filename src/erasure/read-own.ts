import type { StoredEvent } from '../catalog/event.ts';
import { contactsOf } from '../catalog/personal/contacts-of.ts';
import type { Span } from '../log/read/log-reader.ts';
import { type EraseEvents, PAGE } from './erase-pages.ts';

/** Facts from the user's own events, read before these are erased. */
export interface OwnFacts {
  installations: ReadonlySet<string>;
  /** E-mail addresses and phone numbers, in the forms of `contactsIn`. */
  contacts: ReadonlySet<string>;
}

/**
 * Reads the installations and contacts of a user from their events of a span.
 *
 * @param wanted selects events; all by default
 */
export async function readOwn(
  { reader, userId, signal }: Pick<EraseEvents, 'reader' | 'userId' | 'signal'>,
  span: Span,
  wanted: (event: StoredEvent) => boolean = () => true,
): Promise<OwnFacts> {
  const filter = { userIds: [userId] };
  const installations = new Set<string>();
  const contacts = new Set<string>();
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read({ after, upTo: span.upTo }, { filter, limit: PAGE, signal });
    for (const event of page.events.filter(wanted)) {
      if (event.installationId !== null) installations.add(event.installationId);
      for (const contact of contactsOf(event)) contacts.add(contact);
    }
    after = page.reached;
  }
  return { installations, contacts };
}
