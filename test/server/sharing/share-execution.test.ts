import fc from 'fast-check';
import {
  type ExecutionResult,
  execute,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { scopes } from '../../../src/auth/viewer.ts';
import type { StoredEvent } from '../../../src/catalog/event.ts';
import { completeLimits } from '../../../src/config/limits.ts';
import { createCursors } from '../../../src/log/read/cursor.ts';
import type { GraphqlContext } from '../../../src/schema/context.ts';
import { schema } from '../../../src/schema/schema.ts';
import { createShareExecution } from '../../../src/server/sharing/share-execution.ts';
import { anyViewer, isVisible } from '../../auth/any-viewer.ts';
import { newEvent } from '../../log/new-event.ts';
import { anyOperation } from '../../schema/some-documents.ts';
import { typedEvent } from '../../schema/typed-events.ts';

const cursors = createCursors(Buffer.alloc(16, 7));
/** Everything a result may depend on; the rest of a log and a feed is missing. */
const context = {
  log: { cursors },
  feed: {},
  limits: completeLimits(),
} as unknown as GraphqlContext;

/** A document may contain more than one of its operations uses. */
const rules = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule,
);

const viewersOfOne = fc.array(anyViewer, { minLength: 1, maxLength: 8 });

test('shared and ordinary results are the same bytes, for any group of viewers', () => {
  let shared = 0;
  let withErrors = 0;
  fc.assert(
    fc.property(
      anyOperation,
      viewersOfOne,
      fc.array(typedEvent, { maxLength: 4 }),
      (operation, viewers, events) => {
        const document = parse(operation.query);
        expect(validate(schema, document, rules)).toEqual([]);
        const share = createShareExecution(context);
        const subscriptions = viewers.map((viewer, index) => {
          const args = {
            schema,
            document,
            operationName: operation.operationName,
            // Each has its own start position and filter.
            variableValues: {
              filter: { userIds: [String(index)] },
              ...operation.variables,
              after: cursors.encode(index),
            },
            contextValue: { ...context, viewer },
          };
          return { viewer, args, member: share(args) };
        });
        for (const event of events) {
          for (const { viewer, args, member } of subscriptions) {
            const result = execute({ ...args, rootValue: event }) as ExecutionResult;
            // An event that the viewer may not see is not delivered; if requested anyway, it is an
            // error.
            if (!isVisible(viewer, event)) expect(result.errors).toBeDefined();
            const text = member?.textOf(event)?.toString();
            if (result.errors) {
              withErrors += 1;
              expect(text).toBeUndefined();
            } else {
              shared += 1;
              expect(text).toBe(`${JSON.stringify(result)}}`);
            }
          }
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(Math.min(shared, withErrors)).toBeGreaterThan(200);
});

test.each([
  ['of a large event', 'subscription { events { cursor } }', 300_000],
  ['that are large', 'subscription { events { a: payload b: payload } }', 150_000],
])('results %s are not shared', (_, query, length) => {
  const viewer = { userId: null, scopes: new Set(Object.values(scopes)), expiresAtMs: 1e15 };
  const member = createShareExecution(context)({
    ...{ schema, document: parse(query), contextValue: { ...context, viewer } },
  });
  const event = (text: string) =>
    ({
      ...{ ...newEvent({ text }), position: 1 },
    }) as StoredEvent;
  expect(member?.textOf(event('small'))?.length).toBeGreaterThan(0);
  expect(member?.textOf(event('x'.repeat(length)))).toBeUndefined();
});
