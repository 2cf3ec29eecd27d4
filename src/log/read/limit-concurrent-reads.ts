import limit from 'p-limit';
import type { LogReader } from './log-reader.ts';

/**
 * A reader of which only so many reads are under way at once, the others in the order they came.
 * A thousand subscribers that come back together then leave the database, and its connections, to
 * the appends and to the follower, who do not read through this.
 */
export function limitConcurrentReads(reader: LogReader, atOnce: number): LogReader {
  const run = limit(atOnce);
  return {
    read: (...parameters) => run(() => reader.read(...parameters)),
    byDigest: (...parameters) => run(() => reader.byDigest(...parameters)),
  };
}
