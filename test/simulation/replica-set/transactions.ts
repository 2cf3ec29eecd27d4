import type { Member } from './member.ts';
import { toKey } from './member-data.ts';
import type { Change } from './oplog.ts';
import type { Fields } from './stored-form.ts';

/** A transaction of one session, open on one member. */
export interface Transaction {
  readonly id: string;
  /** The end of the log when it began, which its reads see. */
  readonly at: number;
  readonly changes: Map<string, Change>;
  /** Its changes, which its own reads see. */
  readonly overlay: Map<string, Fields | undefined>;
}

/** Maximum lifetime, in milliseconds (`transactionLifetimeLimitSeconds`). */
export const TRANSACTION_LIFETIME_MS = 60_000;

/**
 * Begins a transaction on a member; it reads the member's current state. The session's previous one is
 * aborted. Source: MongoDB, `TransactionParticipant::_beginMultiDocumentTransaction`.
 */
export function beginTransaction(member: Member, id: string): Transaction {
  for (const other of member.transactions.values()) {
    if (sessionOf(other.id) === sessionOf(id)) endTransaction(member, other);
  }
  const transaction: Transaction = {
    id,
    at: member.log.length,
    changes: new Map(),
    overlay: new Map(),
  };
  member.transactions.set(id, transaction);
  return transaction;
}

/** Adds a change, and locks its document and its keys until the transaction ends. */
export function addToTransaction(
  member: Member,
  transaction: Transaction,
  change: Change,
  locks: readonly string[],
): void {
  const key = toKey(change.collection, change.id);
  const first = transaction.changes.get(key);
  transaction.changes.set(key, first ? { ...change, before: first.before } : change);
  transaction.overlay.set(key, change.after);
  for (const lock of locks) member.locks.set(lock, transaction);
}

/** Releases all locks of a transaction. */
export function endTransaction(member: Member, transaction: Transaction): void {
  member.transactions.delete(transaction.id);
  for (const [lock, holder] of member.locks) {
    if (holder === transaction) member.locks.delete(lock);
  }
}

function sessionOf(id: string): string {
  return id.slice(0, id.lastIndexOf('.'));
}
