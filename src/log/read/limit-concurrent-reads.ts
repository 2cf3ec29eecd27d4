import limit from 'p-limit';
import type { LogReader } from './log-reader.ts';

/**
 * Limits the concurrent reads of a reader, first come, first served. When thousands of subscribers
 * reconnect, the database and its connections stay available to appends and to the tailer, which do
 * not use this reader.
 */
export function limitConcurrentReads(reader: LogReader, atOnce: number): LogReader {
  const run = limit(atOnce);
  return {
    read: (...parameters) => run(() => reader.read(...parameters)),
    byDigest: (...parameters) => run(() => reader.byDigest(...parameters)),
  };
}
