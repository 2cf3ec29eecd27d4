import type { Finding } from '../config/finding.ts';

/**
 * The members in the answer to `hello`. Source: MongoDB manual, `hello`, "Replica Set Output
 * Fields".
 */
export interface Hello {
  setName?: string;
  msg?: string;
  primary?: string;
  isWritablePrimary?: boolean;
  /** Members that can become primary. */
  hosts?: readonly string[];
  /** Members of priority 0, which hold data and vote but never become primary. */
  passives?: readonly string[];
  arbiters?: readonly string[];
}

const check = 'replica set';

/** Judges the members of a replica set by its answer to `hello`. */
export function describeReplicaSet(hello: Hello): Finding {
  const { setName, hosts = [], passives = [], arbiters = [] } = hello;
  if (hello.msg === 'isdbgrid') return { check, level: 'ok', says: 'a sharded cluster (mongos)' };
  if (setName === undefined) {
    const todo = 'Start mongod with --replSet and run rs.initiate() once, or use Atlas.';
    return { check, level: 'fail', says: 'the server is not a replica set', todo };
  }
  if (hello.primary === undefined && hello.isWritablePrimary !== true) {
    return { check, level: 'fail', says: `${setName} has no primary`, todo: 'See rs.status().' };
  }
  const withData = hosts.length + passives.length;
  const parts = [
    `${withData} ${withData === 1 ? 'member' : 'members'} with data`,
    ...(passives.length > 0 ? [`${passives.length} of them of priority 0`] : []),
    ...(arbiters.length > 0 ? [`${arbiters.length} arbiter`] : []),
  ];
  const todo = adviceFor(hosts.length, withData, arbiters.length);
  const says = `${setName}, ${parts.join(', ')}`;
  return todo === undefined ? { check, level: 'ok', says } : { check, level: 'warn', says, todo };
}

function adviceFor(electable: number, withData: number, arbiters: number): string | undefined {
  if (withData < 3 && arbiters > 0) {
    return (
      'Replace the arbiter by a member with data: an arbiter confirms no write, so the loss of one ' +
      'member with data makes the log unavailable.'
    );
  }
  if (withData < 3) {
    return 'Use three members: with fewer, the loss of one makes the log unavailable.';
  }
  if (electable < 2) {
    return 'Give a second member a priority above 0: without it no member can replace the primary.';
  }
  return undefined;
}
