import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Limits } from '../../config/limits.ts';

/** Files that are no client's connection: of the database, the log, the port of `/metrics`, and Node. */
const OTHER_FILES = 256;
/** Connections that are allowed in any case. */
const MIN_CONNECTIONS = 16;

/**
 * Returns how many connections a server may have beside its reserve: `MAX_CONNECTIONS`, or fewer if
 * the process may not open as many files, which is logged. Without a free file descriptor it would
 * accept none, and connections that send nothing would keep the sender out.
 */
export function maxConnectionsOf(
  { maxConnections: wanted }: Limits,
  reserved: number,
  logger: Pick<Logger, 'warn'>,
): number {
  const maxFiles = readMaxOpenFiles() ?? Number.POSITIVE_INFINITY;
  const possible = Math.max(MIN_CONNECTIONS, maxFiles - reserved - OTHER_FILES);
  if (possible >= wanted) return wanted;
  const facts = { maxConnections: possible, maxFiles };
  logger.warn(facts, 'MAX_CONNECTIONS is lowered: the process may open too few files');
  return possible;
}

/**
 * Returns the limit of open files of this process (proc(5)), which Node has raised as far as it may;
 * undefined on other systems than Linux.
 */
function readMaxOpenFiles(): number | undefined {
  let text: string;
  try {
    text = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
  const [, most] = /^Max open files\s+(\d+)/m.exec(text) ?? [];
  return most === undefined ? undefined : Number(most);
}
