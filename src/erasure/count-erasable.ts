import { randomBytes } from 'node:crypto';
import type { StoredEvent } from '../catalog/event.ts';
import { countPositions } from '../log/state/log-state.ts';
import { createPseudonyms } from '../log/state/pseudonyms.ts';
import { eraseInbox } from './erase-inbox.ts';
import { eraseMentions } from './erase-mentions.ts';
import { eraseQuarantined } from './erase-quarantine.ts';
import { eraseUnattributed, impersonal } from './erase-unattributed.ts';
import { readOwn } from './read-own.ts';
import type { EraseUser, ErasureCounts } from './types.ts';

/**
 * Counts what an erasure of a user would change now. Changes nothing.
 *
 * @throws MongoError, LogUnavailableError
 */
export async function countErasable(
  userId: string,
  {
    collections,
    logState,
    rawReader: reader,
    head: findHead,
    onProgress,
    signal = new AbortController().signal,
  }: EraseUser,
): Promise<ErasureCounts> {
  const dry = true;
  const head = await findHead();
  const span = { after: (await logState.ensureFresh()).removedUpTo, upTo: head };
  const countUpTo = (upTo: number) => countPositions(logState.occupied({ ...span, upTo }));
  const pseudonyms = createPseudonyms(randomBytes(1));
  const pages = { collections, reader, userId, signal, pseudonyms };
  const counts: ErasureCounts = {
    events: await collections.events.countDocuments({ userId: { $eq: userId } }),
    mentions: 0,
    quarantined: 0,
  };
  const { contacts, installations: found } = await readOwn(pages, span);
  const { count, ...installations } = await eraseUnattributed(pages, span, found, { dry });
  counts.mentions = count;
  const isUnattributed = ({ userId, installationId }: StoredEvent) =>
    userId === null && installationId !== null && found.has(installationId);
  // Events without a user on the user's own installations would already be anonymous by this step.
  const isIncluded = (event: StoredEvent) =>
    !(isUnattributed(event) && installations.own.includes(event.installationId ?? ''));
  const beforeErasure = (event: StoredEvent) => (isUnattributed(event) ? impersonal(event) : event);
  for await (const { count, reached } of eraseMentions(pages, span, {
    contacts,
    isIncluded,
    beforeErasure,
    dry,
  })) {
    counts.mentions += count;
    const progress = { searched: countUpTo(reached), positions: countUpTo(head) };
    onProgress?.({ ...counts, step: 'searching', ...progress });
  }
  const waiting = await eraseInbox({
    ...{ ...pages, installations, contacts },
    ...{ isIncluded: () => true, dry },
  });
  counts.events += waiting.own;
  counts.mentions += waiting.mentions;
  const names = { userId, installations: installations.own, contacts };
  counts.quarantined = await eraseQuarantined(collections.quarantine, names, { dry, signal });
  return counts;
}
