import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { describeLimit, type Limits } from '../config/limits.ts';
import { EventlineError } from '../errors.ts';
import type { GraphqlContext } from './context.ts';
import { wrapLists } from './wrap-lists.ts';

/** The answer has too many items; the whole operation fails. */
export class TooManyItemsError extends EventlineError {
  constructor(limits: Pick<Limits, 'maxComplexity'>) {
    super(
      'RESPONSE_TOO_LARGE',
      `The answer would have more than ${describeLimit(limits, 'maxComplexity')} items in lists below other lists. Ask for smaller pages or fewer lists.`,
    );
  }
}

/** Items so far, by the variables, which are a new object for each execution. */
const counts = new WeakMap<object, number>();

/**
 * Bounds the items of lists below other lists, while they are completed: these lists multiply, and the
 * complexity knows the length of pages only. The bound is the maximum complexity, which pages alone
 * cannot exceed.
 */
export function boundNestedItems(schema: GraphQLSchema): GraphQLSchema {
  return wrapLists(schema, (items, info, { limits }: Pick<GraphqlContext, 'limits'>) => {
    if (!isBelowList(info)) return items;
    const count = (counts.get(info.variableValues) ?? 0) + items.length;
    counts.set(info.variableValues, count);
    if (count > limits.maxComplexity) throw new TooManyItemsError(limits);
    return items;
  });
}

function isBelowList({ path }: GraphQLResolveInfo): boolean {
  for (let at = path.prev; at !== undefined; at = at.prev) {
    if (typeof at.key === 'number') return true;
  }
  return false;
}
