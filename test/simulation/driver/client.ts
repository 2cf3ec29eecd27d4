import mongoose from 'mongoose';
import { createRandom } from '../../faults/random.ts';
import type { Command } from '../commands/command.ts';
import { runCommand } from '../commands/run-command.ts';
import type { Reply } from '../commands/server-error.ts';
import { type Member, receive } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import { createSession, type Session } from './session.ts';
import { connectionClosed, toDriverError } from './to-driver-error.ts';
import { createTopology } from './topology.ts';

const { MongoNetworkError, MongoServerError, MongoServerSelectionError, MongoTopologyClosedError } =
  mongoose.mongo;

/** `maxPoolSize`: maximum concurrent calls of a client. */
const POOL_SIZE = 100;
/** After these errors the driver looks for another primary, and repeats a read once. */
const STATE_CHANGES: ReadonlySet<unknown> = new Set([91, 189, 10_107, 11_602, 13_435]);

/** The connections of one process to the replica set. */
export interface SimulatedClient {
  readonly name: string;
  /**
   * Sends a command to the primary, or to the given member, and waits for the reply.
   *
   * @throws MongoNetworkError, MongoServerSelectionError, MongoServerError
   */
  send(command: Command, to?: Member): Promise<Reply>;
  /** The same for a read, which is repeated once (`retryReads`). */
  read(command: Command): Promise<Reply>;
  onReachable(listener: (isReachable: boolean) => void): void;
  onNewPrimary(listener: () => void): void;
  startSession(): Session;
  withSession<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): void;
  /** Number of calls without a reply. */
  underway(): number;
  /** True while a command on a collection has no reply. */
  isSending(collection: string): boolean;
  /** Ends the connections to a member; new ones are possible at once. */
  cut(member: Member): void;
  /** Kills the process: its actions have no more effect. */
  kill(): void;
  /** Stops the process by a signal: it sends and receives nothing. */
  freeze(): void;
  thaw(): void;
}

interface Call {
  number: number;
  member: Member;
  command: Command;
  fail(error: Error): void;
}

export function createClient(world: World, name: string, seed: number): SimulatedClient {
  const { network, time, trace } = world;
  const random = createRandom(seed, name);
  const calls = new Set<Call>();
  const queue: (() => void)[] = [];
  const held: (() => void)[] = [];
  let state: 'open' | 'frozen' | 'killed' | 'closed' = 'open';
  let lastNumber = 0;
  let sessions = 0;
  const topology = createTopology(name, { world, random, onLost: cut });

  function cut(member: Member): void {
    for (const call of calls) if (call.member === member) call.fail(connectionClosed(member.name));
  }

  /** Runs work of the process, unless it is killed; while it is stopped the work waits. */
  function inProcess(work: () => void): void {
    if (state === 'frozen') held.push(work);
    else if (state !== 'killed') work();
  }

  async function send(command: Command, to?: Member): Promise<Reply> {
    if (state === 'closed') throw new MongoTopologyClosedError();
    const member = to ?? (await topology.select());
    const reply = await exchange(member, command).catch((error) => {
      // The driver checks the member before it sends there again.
      topology.suspect(member);
      throw error;
    });
    const error = toDriverError(reply);
    if (error && STATE_CHANGES.has(error.code)) topology.suspect(member);
    if (reply.ok === 0) throw error;
    return reply;
  }

  function exchange(member: Member, command: Command): Promise<Reply> {
    return new Promise((resolve, reject) => {
      lastNumber += 1;
      const call: Call = {
        number: lastNumber,
        ...{ member, command },
        fail: (error) => end(call, () => reject(error)),
      };
      const start = () => {
        calls.add(call);
        inProcess(() => request(call, resolve));
      };
      if (calls.size < POOL_SIZE) start();
      else queue.push(start);
    });
  }

  function request(call: Call, resolve: (reply: Reply) => void): void {
    const { member, command } = call;
    if (member.role === 'down' || network.faultOf(name, member.name)?.kind === 'refused') {
      time.after(1, () => call.fail(connectionClosed(member.name)));
      return;
    }
    network.carry(name, member.name, () => {
      if (!calls.has(call)) return;
      receive(member, () => {
        void runCommand(world, world.streams, member, command).then((reply) => {
          trace.add(
            `${name} #${call.number} ${member.name} ${describe(command)} ${outcome(reply)}`,
          );
          receive(member, () =>
            network.carry(member.name, name, () => end(call, () => resolve(reply))),
          );
        });
      });
    });
  }

  function end(call: Call, settle: () => void): void {
    if (!calls.delete(call)) return;
    queue.shift()?.();
    inProcess(settle);
  }

  return {
    name,
    async send(command, to) {
      try {
        return await send(command, to);
      } catch (error) {
        if ('transaction' in command && command.transaction) addTransientLabel(command, error);
        throw error;
      }
    },
    async read(command) {
      try {
        return await send(command);
      } catch (error) {
        const isPassing =
          error instanceof MongoNetworkError ||
          (error instanceof MongoServerError && STATE_CHANGES.has(error.code));
        if (!('transaction' in command) || command.transaction === undefined) {
          if (isPassing) return send(command);
        } else addTransientLabel(command, error);
        throw error;
      }
    },
    onReachable: topology.onReachable,
    onNewPrimary: topology.onNewPrimary,
    startSession() {
      sessions += 1;
      return createSession(this, `${name}/${sessions}`);
    },
    async withSession(work) {
      const session = this.startSession();
      try {
        return await work(session);
      } finally {
        await session.endSession();
      }
    },
    close() {
      if (state !== 'open') return;
      state = 'closed';
      for (const call of calls) call.fail(connectionClosed(call.member.name));
    },
    underway: () => calls.size + queue.length,
    isSending: (collection) =>
      [...calls].some(
        ({ command }) => 'collection' in command && command.collection === collection,
      ),
    cut,
    kill() {
      trace.add(`${name} is killed`);
      state = 'killed';
    },
    freeze() {
      if (state === 'open') state = 'frozen';
    },
    thaw() {
      if (state !== 'frozen') return;
      state = 'open';
      for (const work of held.splice(0)) time.after(random.whole(0, 2), () => inProcess(work));
    },
  };
}

/** Source: the driver: a connection error within a transaction is a transient error. */
function addTransientLabel({ kind }: Command, error: unknown): void {
  if (kind === 'commit') return;
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) {
    error.addErrorLabel('TransientTransactionError');
  }
}

function describe(command: Command): string {
  if (command.kind === 'getMore') return `getMore ${command.cursor}`;
  if (!('collection' in command)) return `${command.kind} ${command.transaction.id}`;
  const size =
    command.kind === 'write' ? ` ${command.writes[0]?.kind} ${command.writes.length}` : '';
  return `${command.kind} ${command.collection}${size}`;
}

function outcome({
  ok,
  code,
  n,
  documents,
  writeErrors,
  writeConcernError,
  events,
}: Reply): string {
  if (ok === 0) return `error ${code}`;
  const counted = [documents, events].find(Array.isArray)?.length ?? n ?? '';
  const failed = writeErrors
    ? ` write error ${writeErrors[0]?.code} at ${writeErrors[0]?.index}`
    : '';
  return `ok ${counted}${failed}${writeConcernError ? ` write concern ${writeConcernError.code}` : ''}`;
}
