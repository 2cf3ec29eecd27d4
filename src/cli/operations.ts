import { createHash } from 'node:crypto';
import { EVENTS } from '../client/events-document.ts';
import { PLACE } from '../client/find-place.ts';
import { readPersistedOperations } from '../server/read-persisted-operations.ts';
import { HEAD } from './ask-graphql.ts';
import { EXPORT } from './export.ts';
import { READ_BACK } from './simulate/read-back.ts';
import { line, type Terminal } from './terminal.ts';

/**
 * Prints a list for PERSISTED_OPERATIONS: the documents that `eventline/client` and the commands
 * send, under the SHA-256 of their texts, and all that other lists hold.
 *
 * @throws ConfigError when one of the others is no such list
 */
export async function operations(terminal: Terminal, files: readonly string[]): Promise<void> {
  const lists = await Promise.all(files.map(readPersistedOperations));
  const own = [EVENTS, PLACE, EXPORT, HEAD, READ_BACK].map((document) => {
    const text = document.toString();
    return [createHash('sha256').update(text).digest('hex'), text] as const;
  });
  const all = Object.fromEntries([...own, ...lists.flatMap((list) => [...list])]);
  line(terminal.out, JSON.stringify(all, null, 2));
}
