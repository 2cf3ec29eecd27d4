import { Aggregator } from 'mingo';
import type { Member } from '../replica-set/member.ts';
import type { View } from '../replica-set/member-data.ts';
import type { Fields } from '../replica-set/stored-form.ts';
import type { ReadCommand } from './command.ts';
import { noSuchTransaction, transactionOf } from './run-write.ts';
import type { Reply } from './server-error.ts';

/**
 * Reads what a member has: with `local` all of its log, with `majority` its majority snapshot, which
 * lags behind, within a transaction what the transaction began with.
 * Source: MongoDB manual, "Read Concern".
 */
export function runRead(member: Member, command: ReadCommand): Reply {
  const { kind, collection, filter, sort, limit, readConcern, pipeline = [] } = command;
  const transaction = transactionOf(member, command.transaction);
  if (transaction === null) return noSuchTransaction();
  const view: View = transaction
    ? { at: transaction.at, overlay: transaction.overlay }
    : { at: readConcern === 'majority' ? member.majorityIndex : member.log.length };
  const found = member.data.find(collection, { filter, sort, limit }, view);
  if (kind === 'count') return { ok: 1, n: found.length };
  if (kind === 'find') return { ok: 1, documents: found };
  const documents = new Aggregator(pipeline, {}).run(structuredClone(found)) as Fields[];
  return { ok: 1, documents };
}
