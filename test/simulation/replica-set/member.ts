import type { MemberData } from './member-data.ts';
import type { Entry } from './oplog.ts';
import type { Transaction } from './transactions.ts';

/** A write that waits for a majority. */
export interface Waiter {
  index: number;
  settle(outcome: 'durable' | 'stepped-down'): void;
}

/** One mongod of the set. */
export interface Member {
  readonly name: string;
  role: 'primary' | 'secondary' | 'down';
  /** Stopped by a signal: it keeps its connections and does nothing. */
  isPaused: boolean;
  /** It answers heartbeats and applies no entries, like a member with a busy disk. */
  isStalled: boolean;
  term: number;
  log: Entry[];
  /** Change streams can only resume after this index. */
  oplogStart: number;
  data: MemberData;
  /** The majority snapshot: entries up to it are known here to be on a majority. */
  majorityIndex: number;
  /** On the primary: how far each member has the log. */
  readonly matched: Map<string, number>;
  /** End of its written journal; the rest is lost when it is killed. */
  journaledIndex: number;
  lastContactMs: number;
  isPulling: boolean;
  readonly waiters: Set<Waiter>;
  /** Called when the majority snapshot moves. */
  readonly watchers: Set<() => void>;
  readonly transactions: Map<string, Transaction>;
  /** The transactions that hold a document or a key of a unique index. */
  readonly locks: Map<string, Transaction>;
  /** Transactions committed in its log. */
  readonly committed: Set<string>;
  /** Messages that arrived while it was paused. */
  readonly held: (() => void)[];
}

/** True if it can take part in anything. */
export function isUp(member: Member): boolean {
  return member.role !== 'down' && !member.isPaused;
}

/** Runs work that arrived at a member, or keeps it until the member runs again. */
export function receive(member: Member, work: () => void): void {
  if (member.role === 'down') return;
  if (member.isPaused) member.held.push(work);
  else work();
}
