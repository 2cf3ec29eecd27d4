import {
  type DocumentNode,
  type ExecutionArgs,
  execute,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import { toAccessProfile } from '../../auth/viewer.ts';
import type { StoredEvent } from '../../catalog/event.ts';
import { sizeOf } from '../../catalog/size-of.ts';
import { valueKey } from '../../catalog/value-key.ts';
import type { LogState } from '../../log/state/log-state.ts';
import type { Tally } from '../../observability/metrics/create-tally.ts';
import type { GraphqlContext } from '../../schema/context.ts';
import { analyzeSharing, type Sharing } from '../../schema/subscriptions/analyze-sharing.ts';
import { compileExecution } from './compile-execution.ts';
import { createSharedResults, type Texts } from './shared-results.ts';

/**
 * Maximum size of a shared event or result, in bytes. Unsent shared results are outside of the memory
 * budget; a subscription executes a larger event by itself, within the budget.
 */
const MAX_SHARED_BYTES = 256 * 1024;

/** A subscription in a group that receives the same results. */
export interface Member {
  /**
   * Returns the JSON of the result for an event, followed by the `}` that closes the surrounding
   * message; the same for all members. Undefined where each member needs its own execution, because
   * the result has errors or is too large to be shared, or the execution failed.
   */
  textOf(event: StoredEvent): Buffer | undefined;
  /** To be called once, when the subscription has ended. */
  leave(): void;
}

/** Subscriptions with the same operation and the same rights. Each has the group as its member. */
interface Group extends Member {
  members: number;
}

/**
 * Executes identical subscriptions once per event. Subscriptions share a group when their document,
 * operation, relevant variables and access profile are equal, and every selected field is shareable
 * (`analyzeSharing`).
 *
 * A group executes with a context built from its key alone, so that no viewer's own data can enter
 * it. Results with errors are not shared, since an error carries a request id.
 *
 * @param logState a new erasure discards all kept results; absent where no user can be erased
 * @param tally counts the executions
 */
export function createShareExecution(
  services: Omit<GraphqlContext, 'viewer' | 'budget'>,
  logState?: Pick<LogState, 'onEpoch'>,
  tally?: Tally,
) {
  const byDocument = new WeakMap<DocumentNode, Map<string, Group>>();
  const findings = new WeakMap<DocumentNode, Map<string, Sharing | undefined>>();
  const results = createSharedResults();
  logState?.onEpoch(results.invalidate);

  function sharingOf({ schema, document, operationName }: ExecutionArgs): Sharing | undefined {
    const known = findings.get(document) ?? new Map<string, Sharing | undefined>();
    findings.set(document, known);
    const name = operationName ?? '';
    if (!known.has(name)) known.set(name, analyzeSharing(schema, document, operationName));
    return known.get(name);
  }

  /** Adds a subscription to its group; undefined where it cannot be shared. */
  return function share(args: ExecutionArgs): Member | undefined {
    const variables = variablesKey(args, sharingOf(args));
    if (variables === undefined) return undefined;
    const { schema, document, operationName, variableValues } = args;
    const { key: rights, viewer } = toAccessProfile((args.contextValue as GraphqlContext).viewer);
    const key = JSON.stringify([operationName ?? null, variables, rights]);
    const groups = byDocument.get(document) ?? new Map<string, Group>();
    byDocument.set(document, groups);
    const contextValue = { viewer, ...services } satisfies GraphqlContext;
    const group =
      groups.get(key) ??
      createGroup({ schema, document, operationName, variableValues, contextValue }, () =>
        groups.delete(key),
      );
    groups.set(key, group);
    group.members += 1;
    return group;
  };

  function createGroup(args: ExecutionArgs, onEmpty: () => void): Group {
    const run = compileExecution(args);
    const texts: Texts = new Map();
    return {
      members: 0,
      textOf(event) {
        const text = texts.get(event);
        if (text !== undefined || texts.has(event)) return text;
        const made = executeToText(args, run, event);
        if (tally) tally.executed.shared += 1;
        results.keep(texts, event, made);
        return made;
      },
      leave() {
        this.members -= 1;
        if (this.members === 0) onEmpty();
      },
    };
  }
}

/** The relevant variables after coercion, as a key; undefined where nothing is shared. */
function variablesKey(args: ExecutionArgs, sharing: Sharing | undefined): string | undefined {
  if (sharing === undefined) return undefined;
  const operation = getOperationAST(args.document, args.operationName);
  const { coerced } = getVariableValues(
    args.schema,
    operation?.variableDefinitions ?? [],
    args.variableValues ?? {},
  );
  if (coerced === undefined) return undefined;
  return valueKey(Object.fromEntries(sharing.variables.map((name) => [name, coerced[name]])));
}

/**
 * Uses the compiled execution, and graphql-js wherever that does not apply; graphql-js is the
 * reference.
 */
function executeToText(
  args: ExecutionArgs,
  run: ReturnType<typeof compileExecution>,
  event: StoredEvent,
): Buffer | undefined {
  if (sizeOf(event) > MAX_SHARED_BYTES) return undefined;
  try {
    const data = run ? run(event) : dataOf(execute({ ...args, rootValue: event }));
    if (data == null) return undefined;
    const text = Buffer.from(`{"data":${JSON.stringify(data)}}}`);
    return text.length > MAX_SHARED_BYTES ? undefined : text;
  } catch {
    // The member's own execution reports the error.
    return undefined;
  }
}

/** Undefined where there are errors, and for a promise: this path is synchronous. */
function dataOf(result: ReturnType<typeof execute>): unknown {
  if ('then' in result) {
    result.then(undefined, () => undefined);
    return undefined;
  }
  return result.errors === undefined ? result.data : undefined;
}
