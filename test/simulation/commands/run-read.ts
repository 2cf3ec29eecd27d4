import { Aggregator } from 'mingo';
import type { Member } from '../replica-set/member.ts';
import type { View } from '../replica-set/member-data.ts';
import type { Fields } from '../replica-set/stored-form.ts';
import type { World } from '../world.ts';
import type { ReadCommand } from './command.ts';
import { interrupted, noSuchTransaction, transactionOf } from './run-write.ts';
import { codes, type Reply, toError } from './server-error.ts';
import { awaitWriteConcern } from './write-concern.ts';

/**
 * Reads a member's data. `local` reads its whole log, `majority` its majority snapshot, which lags
 * behind, `linearizable` everything acknowledged before, and a transaction reads its snapshot.
 * Source: MongoDB manual, "Read Concern".
 */
export async function runRead(world: World, member: Member, command: ReadCommand): Promise<Reply> {
  if (command.readConcern === 'majority') return readNow(world, member, command);
  const reply = readNow(world, member, command, member.log.length);
  if (command.readConcern !== 'linearizable') return reply;
  // It is valid once a majority has an entry written after it.
  const { index } = world.replication.append(member, { changes: [] });
  const failure = await awaitWriteConcern(world, member, index, { wtimeoutMS: command.maxTimeMS });
  if (failure === undefined) return reply;
  return failure.code === codes.WriteConcernFailed
    ? toError('MaxTimeMSExpired', 'operation exceeded time limit')
    : interrupted();
}

/** @param at the end of the log that is read */
function readNow(
  world: World,
  member: Member,
  command: ReadCommand,
  at = member.majorityIndex,
): Reply {
  const { kind, collection, filter, sort, limit, pipeline = [] } = command;
  const transaction = transactionOf(world, member, command.transaction);
  if (transaction === null) return noSuchTransaction();
  const view: View = transaction ? { at: transaction.at, overlay: transaction.overlay } : { at };
  const found = member.data.find(collection, { filter, sort, limit }, view);
  if (kind === 'count') return { ok: 1, n: found.length };
  if (kind === 'find') return { ok: 1, documents: found };
  const documents = new Aggregator(pipeline, {}).run(structuredClone(found)) as Fields[];
  return { ok: 1, documents };
}
