import type { MemberData } from './member-data.ts';
import type { Entry } from './oplog.ts';
import type { Transaction } from './transactions.ts';

/** A write that waits until a majority has it. */
export interface Waiter {
  index: number;
  settle(outcome: 'durable' | 'stepped-down'): void;
}

/** One mongod of the set. */
export interface Member {
  readonly name: string;
  role: 'primary' | 'secondary' | 'down';
  /** Stopped by a signal: it keeps its connections, does nothing, and is not told of the time. */
  isPaused: boolean;
  /** It answers heartbeats and takes no entries, as one whose disk is busy. */
  isStalled: boolean;
  term: number;
  log: Entry[];
  /** Change streams can be resumed behind this index only. */
  oplogStart: number;
  data: MemberData;
  /** The majority snapshot: entries up to it are known here to be on a majority. */
  majorityIndex: number;
  /** On the primary: up to where each member has the log. */
  readonly matched: Map<string, number>;
  /** Up to where its own journal is written; the rest is lost when it is killed. */
  journaledIndex: number;
  lastContactMs: number;
  isPulling: boolean;
  readonly waiters: Set<Waiter>;
  /** Woken when the majority snapshot moves. */
  readonly watchers: Set<() => void>;
  readonly transactions: Map<string, Transaction>;
  /** Which transaction holds a document or a key of a unique index. */
  readonly locks: Map<string, Transaction>;
  /** Transactions that its log has committed. */
  readonly committed: Set<string>;
  /** What arrived while it was paused. */
  readonly held: (() => void)[];
}

/** True when it can take part in anything. */
export function isUp(member: Member): boolean {
  return member.role !== 'down' && !member.isPaused;
}

/** Runs what has arrived at a member, or keeps it for when the member runs again. */
export function receive(member: Member, work: () => void): void {
  if (member.role === 'down') return;
  if (member.isPaused) member.held.push(work);
  else work();
}
