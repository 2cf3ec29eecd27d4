import type { NewEvent } from '../catalog/event.ts';
import { contactsOf, contactsOfId } from '../catalog/personal/contacts-of.ts';
import type { Span } from '../log/read/log-reader.ts';
import { PAGE } from '../log/rewrite-events.ts';
import type { Collections } from '../storage/models.ts';
import { ownInInbox } from './erase-inbox.ts';
import type { EraseEvents } from './types.ts';

/** Facts from the user's own events, read before these are erased. */
export interface OwnFacts {
  installations: ReadonlySet<string>;
  /** E-mail addresses and phone numbers, in the forms of `contactsIn`. */
  contacts: ReadonlySet<string>;
}

export interface ReadOwn extends Pick<EraseEvents, 'reader' | 'userId' | 'signal'> {
  collections: Pick<Collections, 'inbox'>;
}

/**
 * Reads the installations and contacts of a user from their events of a span and of the inbox.
 *
 * @param isIncluded selects the events to read; all by default
 */
export async function readOwn(
  { collections, reader, userId, signal }: ReadOwn,
  span: Span,
  isIncluded: (event: NewEvent) => boolean = () => true,
): Promise<OwnFacts> {
  const filter = { userIds: [userId] };
  const installations = new Set<string>();
  const contacts = contactsOfId(userId);
  const read = (events: readonly NewEvent[]) => {
    for (const event of events.filter(isIncluded)) {
      if (event.installationId !== null) installations.add(event.installationId);
      for (const contact of contactsOf(event)) contacts.add(contact);
    }
  };
  read(await ownInInbox(collections, userId));
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read(
      { after, upTo: span.upTo },
      { filter, limit: PAGE, signal, isPublished: true },
    );
    read(page.events);
    after = page.reached;
  }
  return { installations, contacts };
}
