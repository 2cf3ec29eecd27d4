import { Aggregator } from 'mingo';
import { toTest } from '../replica-set/matches.ts';
import type { Member } from '../replica-set/member.ts';
import type { Change } from '../replica-set/oplog.ts';
import type { Fields } from '../replica-set/stored-form.ts';
import type { World } from '../world.ts';
import type { GetMoreCommand, OpenStreamCommand } from './command.ts';
import { codes, type Reply, toError } from './server-error.ts';

/** An open change stream on one member. */
interface Cursor {
  member: Member;
  collection: string;
  /** The condition of the first stage, and the projection of the others. */
  matches: (event: Fields) => boolean;
  transform: Aggregator | undefined;
  /** The index up to which it has read. */
  at: number;
}

/** The cursors of change streams, by their ids. */
export interface ChangeStreams {
  open(member: Member, command: OpenStreamCommand): Reply;
  getMore(member: Member, command: GetMoreCommand): Promise<Reply>;
  /** The member on which a cursor was opened. */
  memberOf(id: number): Member | undefined;
  /** A killed member loses its cursors. */
  forget(member: Member): void;
}

/**
 * Simulates change streams. A stream delivers majority-committed entries in order, and can resume
 * on every member from its last token, as far back as the oplog reaches. Source: MongoDB manual,
 * "Change Streams".
 */
export function createChangeStreams({ time }: World): ChangeStreams {
  const cursors = new Map<number, Cursor>();
  let lastId = 0;

  function next(cursor: Cursor): { events: Fields[]; token: number } {
    const { member, collection, matches, transform } = cursor;
    const events: Fields[] = [];
    while (cursor.at < member.majorityIndex) {
      cursor.at += 1;
      const { index, changes } = member.log[cursor.at - 1] ?? { index: cursor.at, changes: [] };
      for (const [place, change] of changes.entries()) {
        if (change.collection !== collection) continue;
        const event = toEvent(change, index, place);
        if (matches(event)) events.push(event);
      }
    }
    const told = events.length > 0 && transform ? (transform.run(events) as Fields[]) : events;
    return { events: told, token: cursor.at };
  }

  return {
    open(member, { collection, pipeline, resumeAfter }) {
      const at = resumeAfter ?? member.log.length;
      if (at < member.oplogStart) {
        return toError(
          'ChangeStreamHistoryLost',
          'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
        );
      }
      lastId += 1;
      const [first, ...others] = pipeline;
      const isMatch = first?.$match !== undefined;
      const stages = isMatch ? others : pipeline;
      cursors.set(lastId, {
        ...{ member, collection, at },
        matches: isMatch ? toTest(first.$match as Fields) : () => true,
        transform: stages.length > 0 ? new Aggregator(stages, {}) : undefined,
      });
      return { ok: 1, cursor: lastId, token: at };
    },
    async getMore(member, { cursor: id, maxAwaitMs }) {
      const cursor = cursors.get(id);
      if (cursor === undefined || cursor.member !== member) {
        return { ok: 0, code: 43, codeName: 'CursorNotFound', errmsg: `cursor id ${id} not found` };
      }
      if (cursor.at < member.oplogStart) {
        return {
          ...toError('ChangeStreamHistoryLost', 'the oplog no longer reaches back as far'),
          code: codes.ChangeStreamHistoryLost,
        };
      }
      const endMs = time.nowMs() + maxAwaitMs;
      for (;;) {
        const { events, token } = next(cursor);
        const leftMs = endMs - time.nowMs();
        if (events.length > 0 || leftMs <= 0) return { ok: 1, cursor: id, events, token };
        await new Promise<void>((resolve) => {
          const wake = () => {
            member.watchers.delete(wake);
            resolve();
          };
          member.watchers.add(wake);
          time.after(leftMs, wake);
        });
      }
    },
    memberOf: (id) => cursors.get(id)?.member,
    forget(member) {
      for (const [id, cursor] of cursors) if (cursor.member === member) cursors.delete(id);
    },
  };
}

function toEvent({ before, after, id, collection }: Change, index: number, place: number): Fields {
  const operationType = after === undefined ? 'delete' : before === undefined ? 'insert' : 'update';
  return {
    _id: { _data: `${index}.${place}` },
    operationType,
    ns: { db: 'eventline', coll: collection },
    documentKey: { _id: id },
    ...(operationType === 'insert' && { fullDocument: after }),
  };
}
