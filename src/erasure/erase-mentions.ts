import { type Targets, withoutMentions } from '../catalog/erased/without-mentions.ts';
import type { StoredEvent } from '../catalog/event.ts';
import type { Span } from '../log/read/log-reader.ts';
import { type RewriteOptions, type Rewritten, rewriteEvents } from '../log/rewrite-events.ts';
import { deriveChanges } from '../projections/derive-changes.ts';
import type { Erased, EraseEvents } from './types.ts';

/** Maximum events, and bytes, per read. */
const PAGE = 2_000;
const PAGE_BYTES = 16 * 1024 * 1024;

export interface EraseMentions {
  /** The user's e-mail addresses and phone numbers, in the forms of `contactsIn`. */
  contacts: ReadonlySet<string>;
  /** Selects events. */
  isIncluded: (event: StoredEvent) => boolean;
  /** Applies the changes of an earlier step that only counted. */
  beforeErasure?: (event: StoredEvent) => StoredEvent;
  onPage?: RewriteOptions['onPage'];
  /** Counts and changes nothing. */
  dry?: boolean;
}

/**
 * Removes mentions of the user from events of other users, or of no user, at any depth. No index
 * finds these events, so the whole span is read. Each changed event gets a new identity.
 */
export async function* eraseMentions(
  options: EraseEvents,
  span: Span,
  { contacts, isIncluded, beforeErasure = (event) => event, onPage, dry = false }: EraseMentions,
): AsyncGenerator<Erased> {
  const { reader, userId, signal } = options;
  const targets = targetsOf(userId, contacts);
  const change = (event: StoredEvent) => {
    if (event.userId === userId || !isIncluded(event)) return event;
    const seen = beforeErasure(event);
    const cleaned = withoutMentions(seen, targets);
    return cleaned === seen ? event : cleaned;
  };
  for (let after = span.after; after < span.upTo; ) {
    signal.throwIfAborted();
    const page = await reader.read(
      { after, upTo: span.upTo },
      { limit: PAGE, maxBytes: PAGE_BYTES, signal, isPublished: true },
    );
    const mentioning = page.events.filter((event) => change(event) !== event);
    const positions = mentioning.map(({ position }) => position);
    if (!dry) await rewriteEvents(options, positions, change, { onPage });
    after = Math.max(page.reached, page.from);
    yield { count: positions.length, reached: after };
  }
}

/** Returns what identifies a user in events of others. */
export function targetsOf(userId: string, contacts: ReadonlySet<string>): Targets {
  return {
    isUser: (id) => id === userId,
    isContact: contacts.size > 0 ? (contact) => contacts.has(contact) : undefined,
  };
}

/** Returns true if a change affects texts that projections hold. */
export function changesProjections({ before, after }: Rewritten): boolean {
  return derivedTexts(before) !== derivedTexts(after);
}

function derivedTexts(event: StoredEvent): string {
  // Only compared, so the contacts need no hash.
  const changes = deriveChanges([event], (contact) => contact);
  const documents = Object.values(changes).flatMap((changes) => [...changes.values()]);
  return JSON.stringify(
    documents.map(({ always, sets }) => [
      always,
      ...Object.entries(sets).map(([name, values]) => [name, ...values]),
    ]),
  );
}
