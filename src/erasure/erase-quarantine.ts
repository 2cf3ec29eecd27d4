import { rawUsers } from '../log/state/raw-users.ts';
import type { QuarantineDocument } from '../storage/documents.ts';
import type { Collection } from '../storage/models.ts';

/** Bodies per query; each has at most 2 MiB. */
const PAGE = 16;

export interface EraseQuarantined {
  /** Only counts. */
  dry?: boolean;
  /** Called with the bodies that are about to be removed. */
  onPage?: (rawBodies: readonly Buffer[]) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Removes the quarantined deliveries that name a user by id, e-mail address or phone number, or an
 * installation that only this user had, and returns their number. They are removed whole, since a
 * body that cannot be parsed cannot be cleaned.
 *
 * @param names installations in lower case; matched case-insensitively
 */
export async function eraseQuarantined(
  quarantine: Collection<QuarantineDocument>,
  names: { userId: string; installations: readonly string[]; contacts: ReadonlySet<string> },
  { dry = false, onPage, signal }: EraseQuarantined,
): Promise<number> {
  const installations = new Set(names.installations);
  const isMatch = (rawBody: Buffer) => {
    const { ids, contacts } = rawUsers(rawBody);
    for (const id of ids) {
      if (id === names.userId || installations.has(id.toLowerCase())) return true;
    }
    if (names.contacts.size === 0) return false;
    for (const contact of contacts) if (names.contacts.has(contact)) return true;
    return false;
  };
  const found = await quarantine.find({}, { projection: { _id: 1 }, sort: { _id: 1 } }).toArray();
  let count = 0;
  for (let start = 0; start < found.length; start += PAGE) {
    signal.throwIfAborted();
    const ids = found.slice(start, start + PAGE).map(({ _id }) => _id);
    const page = await quarantine.find({ _id: { $in: ids } }, { projection: { raw: 1 } }).toArray();
    const matched = page
      .map(({ _id, raw }) => ({ _id, rawBody: Buffer.from(raw.value()) }))
      .filter(({ rawBody }) => isMatch(rawBody));
    if (matched.length === 0) continue;
    count += matched.length;
    if (dry) continue;
    // Before the removal: an interrupted erasure finds the bodies again.
    await onPage?.(matched.map(({ rawBody }) => rawBody));
    await quarantine.deleteMany({ _id: { $in: matched.map(({ _id }) => _id) } });
  }
  return count;
}
