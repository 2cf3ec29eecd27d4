import mongoose from 'mongoose';
import type { Reply } from '../commands/server-error.ts';
import type { Member } from '../replica-set/member.ts';
import { type Fields, fromStored, toStored } from '../replica-set/stored-form.ts';
import type { World } from '../world.ts';
import type { SimulatedClient } from './client.ts';

const { MongoAPIError, MongoNetworkError, MongoServerError } = mongoose.mongo;

/** Source: the driver, `GET_MORE_RESUMABLE_CODES`. */
const RESUMABLE: ReadonlySet<unknown> = new Set([
  ...[6, 7, 43, 63, 89, 91, 133, 150, 189, 234, 262, 9_001],
  ...[10_107, 11_600, 11_602, 13_388, 13_435, 13_436],
]);

/** The part of the driver's ChangeStream that the application uses. */
export interface SimulatedChangeStream {
  readonly closed: boolean;
  tryNext(): Promise<unknown>;
  /** Calls back once when the stream is open, since the server sends a token then. */
  once(event: 'resumeTokenChanged', listener: () => void): void;
  bufferedCount(): number;
  close(): Promise<void>;
}

/**
 * A change stream that resumes itself after every resumable error, as long as resuming succeeds.
 * Source: the driver, `ChangeStream.tryNext` and `_processErrorIteratorMode`.
 */
export function createChangeStream(
  world: World,
  client: SimulatedClient,
  {
    collection,
    pipeline,
    maxAwaitMs,
  }: { collection: string; pipeline: object[]; maxAwaitMs: number },
): SimulatedChangeStream {
  const stages = toStored(pipeline) as Fields[];
  let cursor: { id: number; member: Member | undefined } | undefined;
  let token: number | undefined;
  let buffered: Fields[] = [];
  let isClosed = false;
  let onToken: (() => void) | undefined;

  async function open(): Promise<void> {
    const command = {
      kind: 'openStream',
      collection,
      pipeline: stages,
      resumeAfter: token,
    } as const;
    const reply = await client.read(command);
    const member = world.streams.memberOf(reply.cursor as number);
    cursor = { id: reply.cursor as number, member };
    token = reply.token as number;
    onToken?.();
    onToken = undefined;
  }

  async function getMore(): Promise<Reply> {
    if (cursor === undefined) await open();
    const { id, member } = cursor as { id: number; member: Member | undefined };
    return client.send({ kind: 'getMore', cursor: id, maxAwaitMs }, member);
  }

  return {
    get closed() {
      return isClosed;
    },
    bufferedCount: () => buffered.length,
    once(_event, listener) {
      onToken = listener;
    },
    async tryNext() {
      for (;;) {
        if (isClosed) throw new MongoAPIError('ChangeStream is closed');
        const next = buffered.shift();
        if (next) return fromStored(next);
        const wasOpen = cursor !== undefined;
        try {
          const { events, token: reached } = await getMore();
          token = reached as number;
          buffered = events as Fields[];
          if (buffered.length === 0) return null;
        } catch (error) {
          if (!wasOpen || !isResumable(error)) {
            isClosed = true;
            throw error;
          }
          await open().catch(() => {
            isClosed = true;
            throw error;
          });
        }
      }
    },
    async close() {
      isClosed = true;
    },
  };
}

function isResumable(error: unknown): boolean {
  if (error instanceof MongoNetworkError) return true;
  return error instanceof MongoServerError && RESUMABLE.has(error.code);
}
