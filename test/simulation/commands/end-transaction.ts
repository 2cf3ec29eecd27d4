import type { Member } from '../replica-set/member.ts';
import { endTransaction } from '../replica-set/transactions.ts';
import type { World } from '../world.ts';
import type { EndTransactionCommand } from './command.ts';
import { noSuchTransaction } from './run-write.ts';
import type { Reply } from './server-error.ts';
import { awaitWriteConcern } from './write-concern.ts';

/**
 * Commits a transaction as one oplog entry, or aborts it. A repeated commit is answered with the
 * outcome of the first one. Source: MongoDB manual, "Transactions", and the driver's specification
 * of `commitTransaction`.
 */
export async function runEndTransaction(
  world: World,
  member: Member,
  { kind, transaction: { id }, writeConcern }: EndTransactionCommand,
): Promise<Reply> {
  const transaction = member.transactions.get(id);
  if (transaction) endTransaction(member, transaction);
  if (kind === 'abort') return transaction ? { ok: 1 } : noSuchTransaction();
  if (transaction) {
    const changes = [...transaction.changes.values()];
    if (changes.length > 0) world.replication.append(member, { changes, transaction: id });
  } else if (!member.committed.has(id)) return noSuchTransaction();
  const writeConcernError = await awaitWriteConcern(world, member, member.log.length, writeConcern);
  return { ok: 1, ...(writeConcernError && { writeConcernError }) };
}
