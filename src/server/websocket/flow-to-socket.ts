import type { ExecutionResult } from 'graphql';
import type { FlowingEvents } from '../../feed/flowing-events.ts';
import { returnThis } from '../../feed/return-this.ts';
import type { Tally } from '../../observability/metrics/create-tally.ts';
import type { Member } from '../sharing/share-execution.ts';
import type { FrameWriter } from './frame-writer.ts';

const DONE = { done: true, value: undefined } as const;

/** What stands behind a subscription's results where many may get the same. */
export interface SharedSource {
  events: FlowingEvents;
  member: Member;
  /** Counts what is given out. */
  tally?: Tally | undefined;
}

/**
 * The results of a subscription on a WebSocket, of which those that are shared go to the socket
 * directly, as whole messages: they are not given to whoever asks for the next result, for whom it
 * takes longer to come. The others, errors and the end take their usual way through `results`. One
 * `next` at a time, asked for when the last result has been sent: so the order stays.
 *
 * @param id the client's name for the subscription
 */
export function flowToSocket(
  results: AsyncIterableIterator<ExecutionResult>,
  { events, member, tally }: SharedSource,
  writer: FrameWriter,
  id: string,
): AsyncIterableIterator<ExecutionResult> {
  const head = headOf(id);
  let ended = false;

  return {
    async next() {
      if (ended) return DONE;
      await events.flow((event) => {
        if (ended) return false;
        const text = member.textOf(event);
        if (text === undefined) return false;
        if (!writer.write(head, text)) return writer.room();
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

/** What stands before each text, which has the bracket at the end. */
function headOf(id: string): Buffer {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  // Of its own: a few bytes of Node's pool would keep all 8 KiB around them for as long as it lives.
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(head));
  bytes.write(head);
  return bytes;
}
