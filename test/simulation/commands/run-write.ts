import type { Member } from '../replica-set/member.ts';
import {
  beginTransaction,
  endTransaction,
  TRANSACTION_LIFETIME_MS,
  type Transaction,
} from '../replica-set/transactions.ts';
import type { World } from '../world.ts';
import { type Applied, applyChange, type Target, toChanges } from './apply-write.ts';
import type { Write, WriteCommand } from './command.ts';
import { type Reply, toError, toFailed, type WriteFailure } from './server-error.ts';
import { awaitWriteConcern } from './write-concern.ts';

const TRANSIENT = ['TransientTransactionError'];

/** How long a write that conflicts with a transaction waits before it retries, in milliseconds. */
const CONFLICT_PAUSE_MS = 3;

/**
 * Runs the writes of one command, one after the other. An ordered command ends at its first
 * failure; earlier writes stay. Source: MongoDB manual, `insert`, `update` and `delete`.
 */
export async function runWrite(
  world: World,
  member: Member,
  command: WriteCommand,
): Promise<Reply> {
  return awaitDurable(world, member, command, await write(world, member, command));
}

/** Adds the result of the write concern to the reply of a command that has written. */
export async function awaitDurable(
  world: World,
  member: Member,
  { transaction, writeConcern }: Pick<WriteCommand, 'transaction' | 'writeConcern'>,
  reply: Reply,
): Promise<Reply> {
  if (transaction || reply.ok === 0) return reply;
  // A command that wrote nothing waits as well: for the newest entry that it may have read.
  const index = member.log.length;
  const writeConcernError = await awaitWriteConcern(world, member, index, writeConcern);
  return { ...reply, ...(writeConcernError && { writeConcernError }) };
}

/** The writes of a command, before it waits for their write concern. */
export async function write(world: World, member: Member, command: WriteCommand): Promise<Reply> {
  const transaction = transactionOf(world, member, command.transaction);
  if (transaction === null) return noSuchTransaction();
  const target = { world, member, collection: command.collection, transaction };
  const { term } = member;
  const writeErrors: WriteFailure[] = [];
  const upserted: { index: number; _id: unknown }[] = [];
  let [n, nModified] = [0, 0];
  for (const [index, write] of command.writes.entries()) {
    const result = await runOne(target, write, term);
    if (result.kind === 'interrupted') return interrupted();
    if (result.kind === 'conflict' && transaction) {
      endTransaction(member, transaction);
      return toError(
        'WriteConflict',
        'Caused by :: Write conflict during plan execution',
        TRANSIENT,
      );
    }
    if (result.kind === 'refused') {
      // A write error within a transaction ends it.
      if (transaction) {
        endTransaction(member, transaction);
        return toFailed(result.failure);
      }
      writeErrors.push({ ...result.failure, index });
      if (command.isOrdered) break;
    } else if (result.kind === 'done') {
      n += result.matched;
      nModified += result.changed;
      if (result.upsertedId !== undefined) upserted.push({ index, _id: result.upsertedId });
    }
  }
  return {
    ok: 1,
    n,
    nModified,
    ...(upserted.length > 0 && { upserted }),
    ...(writeErrors.length > 0 && { writeErrors }),
  };
}

type Ran =
  | { kind: 'done'; matched: number; changed: number; upsertedId?: unknown }
  | Exclude<Applied, { kind: 'done' }>
  | { kind: 'interrupted' };

async function runOne(target: Target, write: Write, term: number): Promise<Ran> {
  const { world, member, transaction } = target;
  let [matched, changed] = [0, 0];
  for (;;) {
    const { changes, upsertedId } = toChanges(target, write);
    const applied = changes.map((change) => {
      const result = applyChange(target, change);
      if (result.kind === 'done') {
        matched += 1;
        if (result.isChange) changed += 1;
      }
      return result;
    });
    const refused = applied.find((one) => one.kind === 'refused');
    if (refused) return refused;
    if (!applied.some((one) => one.kind === 'conflict')) {
      return { kind: 'done', matched, changed, ...(upsertedId !== undefined && { upsertedId }) };
    }
    if (transaction) return { kind: 'conflict' };
    await world.time.wait(CONFLICT_PAUSE_MS);
    if (member.role !== 'primary' || member.term !== term) return { kind: 'interrupted' };
  }
}

/** Null if the command's transaction is not open on this member. */
export function transactionOf(
  { time }: World,
  member: Member,
  given: { id: string; isFirst: boolean } | undefined,
): Transaction | undefined | null {
  if (given === undefined) return undefined;
  if (given.isFirst) {
    const transaction = beginTransaction(member, given.id);
    time.after(TRANSACTION_LIFETIME_MS, () => endTransaction(member, transaction));
    return transaction;
  }
  return member.transactions.get(given.id) ?? null;
}

export function noSuchTransaction(): Reply {
  return toError(
    'NoSuchTransaction',
    'Given transaction number does not match any in-progress transactions',
    TRANSIENT,
  );
}

export function interrupted(): Reply {
  return toError('InterruptedDueToReplStateChange', 'operation was interrupted');
}
