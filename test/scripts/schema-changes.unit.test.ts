import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// @ts-expect-error a script of the project, without types
import { findSchemaChanges, lastReleased } from '../../scripts/schema-changes.mjs';
import { temporaryDirectory } from '../utils/temporary-directory.ts';

const RELEASED = `
  enum Plan { FREE PREMIUM }
  input Filter { plans: [Plan!] }
  type Query { plan(of: ID!): Plan! plans(filter: Filter): [Plan!]! }
`;

test.each([
  [
    'a field is gone',
    RELEASED.replace('plan(of: ID!): Plan!', ''),
    'FIELD_REMOVED: Query.plan was removed.',
  ],
  [
    'a field may be null',
    RELEASED.replace('[Plan!]! }', '[Plan!] }'),
    'FIELD_CHANGED_KIND: Query.plans changed type from [Plan!]! to [Plan!].',
  ],
  [
    'a value is gone',
    RELEASED.replace('PREMIUM', ''),
    'VALUE_REMOVED_FROM_ENUM: PREMIUM was removed from enum type Plan.',
  ],
  [
    'more is asked for',
    RELEASED.replace('plans: [Plan!]', 'plans: [Plan!]!'),
    'FIELD_CHANGED_KIND: Filter.plans changed type from [Plan!] to [Plan!]!.',
  ],
  [
    'an argument is gone',
    RELEASED.replace('(filter: Filter)', ''),
    'ARG_REMOVED: Query.plans arg filter was removed.',
  ],
])('a breaking change is reported: %s', (_, current, change) => {
  const found = findSchemaChanges(RELEASED, current, []);
  expect(found.breaking).toContain(change);
  expect(found.stale).toEqual([]);
});

test('a breaking change needs a reason, and a reason needs a breaking change', () => {
  const current = RELEASED.replace('FREE', '');
  const change = {
    type: 'VALUE_REMOVED_FROM_ENUM',
    description: 'FREE was removed from enum type Plan.',
  };
  const reason = 'Nobody asked for it.';
  expect(findSchemaChanges(RELEASED, current, [{ ...change, reason }])).toMatchObject({
    breaking: [],
    stale: [],
  });
  expect(findSchemaChanges(RELEASED, current, [{ ...change, reason: '' }]).stale).toHaveLength(1);
  expect(findSchemaChanges(RELEASED, RELEASED, [{ ...change, reason }]).stale).toHaveLength(1);
});

test('additions break nothing, and dangerous ones are reported', () => {
  const current = RELEASED.replace('FREE', 'FREE GOLD').replace(
    'plans: [',
    'name: String plans: [',
  );
  expect(findSchemaChanges(RELEASED, current, [])).toEqual({
    breaking: [],
    dangerous: [
      'VALUE_ADDED_TO_ENUM: GOLD was added to enum type Plan.',
      'OPTIONAL_INPUT_FIELD_ADDED: An optional field name on input type Filter was added.',
    ],
    stale: [],
  });
});

test('the last release is the highest version, not the last name', async () => {
  const folder = await temporaryDirectory();
  for (const version of ['0.9.0', '0.10.0', '0.2.11']) {
    writeFileSync(join(folder, `schema-${version}.graphql`), '');
  }
  expect(lastReleased(folder)).toBe(join(folder, 'schema-0.10.0.graphql'));
  expect(() => lastReleased(join(import.meta.dirname))).toThrow('holds no released schema');
});
