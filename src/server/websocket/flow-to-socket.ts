import type { ExecutionResult } from 'graphql';
import type { FlowingEvents } from '../../feed/flowing-events.ts';
import { returnThis } from '../../feed/return-this.ts';
import type { Tally } from '../../observability/metrics/create-tally.ts';
import type { Member } from '../sharing/share-execution.ts';
import type { FrameWriter } from './frame-writer.ts';

const DONE = { done: true, value: undefined } as const;

/** The source of a subscription's results where many subscriptions may receive the same. */
export interface SharedSource {
  events: FlowingEvents;
  member: Member;
  /** Called when the results before were sent. */
  onSent: () => void;
  /** Counts delivered results. */
  tally?: Tally | undefined;
}

/**
 * Writes a subscription's shared results directly to its WebSocket as complete frames. Results that
 * are not shared, errors and the end take the usual way through the returned iterator: its `next`
 * stays pending while results are written directly. `next` is called one at a time, after the last
 * result was sent, so the order is preserved.
 *
 * @param id the client's id of the subscription
 */
export function flowToSocket(
  results: AsyncIterableIterator<ExecutionResult>,
  { events, member, onSent, tally }: SharedSource,
  writer: FrameWriter,
  id: string,
): AsyncIterableIterator<ExecutionResult> {
  const head = headOf(id);
  let ended = false;

  return {
    async next() {
      if (ended) return DONE;
      onSent();
      await events.flow((event) => {
        if (ended) return false;
        const text = member.textOf(event);
        if (text === undefined) return false;
        if (!writer.write(head, text)) return writer.onDrained();
        if (tally) tally.delivered.webSocketShared += 1;
        return true;
      });
      return results.next();
    },
    return(value) {
      ended = true;
      return results.return?.(value) ?? Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]: returnThis,
  };
}

/** Returns the start of each message; the shared text ends with the closing bracket. */
function headOf(id: string): Buffer {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  // Not from Node's pool: a few bytes would retain its 8 KiB as long as the subscription lives.
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(head));
  bytes.write(head);
  return bytes;
}
