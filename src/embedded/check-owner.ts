import { stat } from 'node:fs/promises';
import { DirectoryOwnerError } from './errors.ts';

/**
 * Refuses a data directory of another user, who could replace the secrets and addresses in it, or
 * read them through links. Root may use any directory, since containers mount those of other users;
 * directories of root are trusted. Windows has no such ids.
 *
 * @param dataDir may be missing
 * @throws DirectoryOwnerError
 */
export async function checkOwner(dataDir: string): Promise<void> {
  const own = process.geteuid?.() ?? 0;
  if (own === 0) return;
  const found = await stat(dataDir).catch(() => undefined);
  if (found && found.uid !== own && found.uid !== 0) throw new DirectoryOwnerError(dataDir);
}
