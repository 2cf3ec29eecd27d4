import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENTS } from '../../client/events-document.ts';
import { START_CURSOR_QUERY } from '../../client/resolve-start-cursor.ts';
import { readPersistedOperations } from '../../server/graphql/read-persisted-operations.ts';
import { HEAD } from '../ask-graphql.ts';
import { CommandError } from '../command-error.ts';
import { LIVE_PAGE } from '../live-page.ts';
import { line, type Terminal } from '../terminal.ts';
import { EXPORT } from './export.ts';
import { READ_BACK } from './simulate/read-back.ts';
import { TAIL } from './tail.ts';

/**
 * Prints a list for PERSISTED_OPERATIONS: the documents of `@eventline/client`, the commands and, on
 * request, the live page, by the SHA-256 of their texts, together with the content of other lists.
 *
 * @throws ConfigError when another list is invalid; CommandError when the live page is not built
 */
export async function operations(
  terminal: Terminal,
  files: readonly string[],
  { livePage }: { livePage?: boolean },
): Promise<void> {
  const lists = await Promise.all(files.map(readPersistedOperations));
  const page = livePage ? await readLivePageDocuments() : [];
  const commands = [TAIL.toString(), EXPORT, HEAD.text, READ_BACK];
  const texts: string[] = [EVENTS, START_CURSOR_QUERY, ...commands, ...page];
  const own = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);
  const all = Object.fromEntries([...own, ...lists.flatMap((list) => [...list])]);
  line(terminal.out, JSON.stringify(all, null, 2));
}

/** Returns the documents from the list that the build of the live page has written. */
async function readLivePageDocuments(): Promise<string[]> {
  try {
    return JSON.parse(await readFile(join(LIVE_PAGE, 'documents.json'), 'utf8'));
  } catch (error) {
    throw new CommandError(
      `--live-page: the page is not built (${(error as Error).message}). Run npm run build.`,
    );
  }
}
