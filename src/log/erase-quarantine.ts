import type { Collection, QuarantineDocument } from './models.ts';
import { namesAny } from './raw-users.ts';

/** How many bodies are looked at at once; each has 2 MiB at most. */
const PAGE = 16;

/**
 * Removes the kept deliveries that name a user or what is the user's alone; returns how many. They are removed whole: what could
 * not be read can also not be cleaned.
 */
export async function eraseQuarantined(
  quarantine: Collection<QuarantineDocument>,
  names: readonly string[],
  { dry, signal }: { dry: boolean; signal: AbortSignal },
): Promise<number> {
  const found = await quarantine.find({}, { projection: { _id: 1 }, sort: { _id: 1 } }).toArray();
  let count = 0;
  for (let start = 0; start < found.length; start += PAGE) {
    signal.throwIfAborted();
    const ids = found.slice(start, start + PAGE).map(({ _id }) => _id);
    const page = await quarantine.find({ _id: { $in: ids } }, { projection: { raw: 1 } }).toArray();
    const meant = page.filter(({ raw }) => namesAny(Buffer.from(raw.value()), names));
    if (meant.length === 0) continue;
    count += meant.length;
    if (!dry) await quarantine.deleteMany({ _id: { $in: meant.map(({ _id }) => _id) } });
  }
  return count;
}
