import type { Sink } from '../../feed/event-iterator.ts';
import type { FeedItem } from '../../feed/source.ts';
import type { Tally } from '../../observability/metrics/create-tally.ts';
import type { Member } from '../sharing/share-execution.ts';
import type { FrameWriter } from './frame-writer.ts';

/** The place of an operation's frames. */
export interface FrameTarget {
  writer: FrameWriter;
  /** The client's id of the operation. */
  operationId: string;
}

/**
 * Creates the sink that writes the shared results of a subscription to its WebSocket as complete
 * frames. It refuses what takes the usual way through graphql-ws: results that are not shared, and
 * the mark that a subscription has caught up.
 *
 * @param tally counts the results
 */
export function createFrameSink(
  { writer, operationId }: FrameTarget,
  member: Member,
  tally?: Tally,
): Sink<FeedItem> {
  const head = headOf(operationId);
  return (item, onDrained) => {
    const text = 'caughtUpAt' in item ? undefined : member.textOf(item);
    if (text === undefined) return 'refused';
    if (!writer.write(head, text)) {
      writer.onDrained(onDrained);
      return 'full';
    }
    if (tally) tally.delivered.webSocketShared += 1;
    return 'taken';
  };
}

/** Returns the start of each message; the shared text ends with the closing bracket. */
function headOf(operationId: string): Buffer {
  const head = `{"id":${JSON.stringify(operationId)},"type":"next","payload":`;
  // Not from Node's pool: a few bytes would retain its 8 KiB as long as the subscription lives.
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(head));
  bytes.write(head);
  return bytes;
}
