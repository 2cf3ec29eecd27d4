import { expect, test } from 'vitest';
import { describeReplicaSet, type Hello } from '../../src/storage/describe-replica-set.ts';

const hello = (more: Hello): Hello => ({ setName: 'rs0', primary: 'm1:27017', ...more });
const hosts = ['m1:27017', 'm2:27017', 'm3:27017'];

test.each([
  ['three members', { hosts }, 'ok', '3 members with data'],
  ['one member', { hosts: hosts.slice(0, 1) }, 'warn', '1 member with data'],
  [
    'a member of priority 0, which has the data',
    { hosts: hosts.slice(0, 2), passives: hosts.slice(2) },
    'ok',
    '3 members with data, 1 of them of priority 0',
  ],
  [
    'members of priority 0 alone beside the primary',
    { hosts: hosts.slice(0, 1), passives: hosts.slice(1) },
    'warn',
    '3 members with data, 2 of them of priority 0',
  ],
  [
    'an arbiter in the place of the third member',
    { hosts: hosts.slice(0, 2), arbiters: hosts.slice(2) },
    'warn',
    '2 members with data, 1 arbiter',
  ],
] as const)('%s', (_name, members, level, says) => {
  expect(describeReplicaSet(hello(members))).toMatchObject({ level, says: `rs0, ${says}` });
});

test('an arbiter confirms no write, and the advice says so', () => {
  const members = { hosts: hosts.slice(0, 2), arbiters: hosts.slice(2) };
  expect(describeReplicaSet(hello(members)).todo).toContain('an arbiter confirms no write');
});

test('a server that is no replica set, and a set without a primary, fail', () => {
  expect(describeReplicaSet({}).level).toBe('fail');
  expect(describeReplicaSet({ setName: 'rs0', hosts })).toMatchObject({
    level: 'fail',
    says: 'rs0 has no primary',
  });
});
