import type { Member } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import type { ChangeStreams } from './change-streams.ts';
import type { Command } from './command.ts';
import { runEndTransaction } from './end-transaction.ts';
import { findAndModify } from './find-and-modify.ts';
import { runRead } from './run-read.ts';
import { runWrite } from './run-write.ts';
import { type Reply, toError } from './server-error.ts';

/**
 * Runs a command on a member. Only the primary serves reads and writes; a change stream's cursor
 * stays on its member.
 */
export async function runCommand(
  world: World,
  streams: ChangeStreams,
  member: Member,
  command: Command,
): Promise<Reply> {
  if (command.kind === 'getMore') return streams.getMore(member, command);
  if (member.role !== 'primary') return notPrimary(command);
  switch (command.kind) {
    case 'find':
    case 'count':
    case 'aggregate':
      return runRead(world, member, command);
    case 'write':
      return runWrite(world, member, command);
    case 'findAndModify':
      return findAndModify(world, member, command);
    case 'commit':
    case 'abort':
      return runEndTransaction(world, member, command);
    case 'openStream':
      return streams.open(member, command);
  }
}

/** Source: MongoDB, server discovery and monitoring: "not writable primary" errors. */
function notPrimary({ kind }: Command): Reply {
  const isRead =
    kind === 'find' || kind === 'count' || kind === 'aggregate' || kind === 'openStream';
  if (isRead) return toError('NotPrimaryNoSecondaryOk', 'not primary and secondaryOk=false');
  const labels = kind === 'commit' || kind === 'abort' ? ['RetryableWriteError'] : [];
  return toError('NotWritablePrimary', 'not primary', labels);
}
