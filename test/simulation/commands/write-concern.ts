import type { Member, Waiter } from '../replica-set/member.ts';
import type { World } from '../world.ts';
import type { WriteConcern } from './command.ts';
import { codes, type WriteConcernFailure } from './server-error.ts';

/**
 * Waits until a majority has a member's log up to an index, like `w: majority` with the default
 * `writeConcernMajorityJournalDefault`: until the majority snapshot includes it, so that a later
 * majority read on the same member sees it. Source: MongoDB manual, "Write Concern".
 *
 * @returns the write concern error of the reply; undefined if the write is durable
 */
export function awaitWriteConcern(
  { time }: World,
  member: Member,
  index: number,
  { w = 'majority', wtimeoutMS = 0 }: WriteConcern,
): Promise<WriteConcernFailure | undefined> {
  if (w !== 'majority' || member.majorityIndex >= index) return Promise.resolve(undefined);
  if (member.role !== 'primary') return Promise.resolve(steppedDown());
  return new Promise((resolve) => {
    const waiter: Waiter = {
      index,
      settle: (outcome) => resolve(outcome === 'durable' ? undefined : steppedDown()),
    };
    member.waiters.add(waiter);
    if (wtimeoutMS === 0) return;
    time.after(wtimeoutMS, () => {
      if (!member.waiters.delete(waiter)) return;
      resolve({
        code: codes.WriteConcernFailed,
        codeName: 'WriteConcernFailed',
        errmsg: 'waiting for replication timed out',
        errInfo: { wtimeout: true, writeConcern: { w, wtimeout: wtimeoutMS } },
      });
    });
  });
}

function steppedDown(): WriteConcernFailure {
  return {
    code: codes.PrimarySteppedDown,
    codeName: 'PrimarySteppedDown',
    errmsg: 'Primary stepped down while waiting for replication',
  };
}
