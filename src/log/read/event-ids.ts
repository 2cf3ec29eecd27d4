import type { NewEvent } from '../../catalog/event.ts';
import { declaredTypeName } from '../../catalog/well-formed.ts';
import { createDigestSeal } from './digest-seal.ts';

/** Turns the stored identity of events into the ids that readers and the sender get, and back. */
export interface EventIds {
  /** Returns the local part of an event's global id: 64 characters of base64url. */
  localId(digest: Buffer): string;
  /**
   * Returns the global id (Relay): base64 of `MessageSent:<local id>`. It names the type as it was
   * sent, so it stays the same when a change of the catalog makes a malformed event well-formed.
   */
  globalId(event: Pick<NewEvent, 'type' | 'digest'>): string;
  /** Returns the stored identity, or undefined for a local id that this log did not make. */
  digestOf(localId: string): Buffer | undefined;
}

/**
 * Creates the ids of a log from its key (16 bytes, in its meta document). The stored identity is a
 * digest of the event's content, which could be guessed, so ids are encrypted (docs/security.md).
 */
export function createEventIds(key: Uint8Array): EventIds {
  const { seal, open } = createDigestSeal(key, 'event id');
  const localId = (digest: Buffer) => seal(digest).toString('base64url');
  return {
    localId,
    globalId: ({ type, digest }) =>
      Buffer.from(`${declaredTypeName(type)}:${localId(digest)}`).toString('base64'),
    digestOf(localId) {
      const sealed = Buffer.from(localId, 'base64url');
      // One id has one text.
      return sealed.toString('base64url') === localId ? open(sealed) : undefined;
    },
  };
}
