import { toId } from '../replica-set/collection-data.ts';
import type { Member } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import { type Target, viewOf } from './apply-write.ts';
import type { FindAndModifyCommand, Write } from './command.ts';
import { awaitDurable, noSuchTransaction, transactionOf, write } from './run-write.ts';
import { type Reply, toFailed } from './server-error.ts';

/**
 * Changes one document and returns it as it was before or after the change. Source: MongoDB manual,
 * `findAndModify`.
 */
export async function findAndModify(
  world: World,
  member: Member,
  command: FindAndModifyCommand,
): Promise<Reply> {
  const { collection, filter, sort, update, upsert, returnsNew } = command;
  const transaction = transactionOf(world, member, command.transaction);
  if (transaction === null) return noSuchTransaction();
  const target: Target = { world, member, collection, transaction };
  const [before] = member.data.find(collection, { filter, sort, limit: 1 }, viewOf(target));
  // Repeats the whole filter: a write that has to wait may find that the document has changed.
  const exact = before ? { ...filter, _id: before._id } : filter;
  const one: Write =
    update === undefined
      ? { kind: 'delete', filter: exact, isMulti: false }
      : { kind: 'update', filter: exact, update, upsert, isMulti: false };
  const reply = await write(world, member, {
    ...{ kind: 'write', collection, writes: [one], isOrdered: true },
    transaction: command.transaction && { ...command.transaction, isFirst: false },
    writeConcern: command.writeConcern,
  });
  const [failed] = reply.writeErrors ?? [];
  if (failed) return { ...reply, ...toFailed(failed) };
  if (reply.ok === 0) return reply;
  if (reply.n === 0) return awaitDurable(world, member, command, { ...reply, value: null });
  const upserted = (reply.upserted as { _id: unknown }[] | undefined)?.[0]?._id;
  const id = toId(upserted ?? before?._id);
  const after = member.data.read(collection, id, viewOf(target));
  const value = (returnsNew ? after : before) ?? null;
  return awaitDurable(world, member, command, { ...reply, value });
}
