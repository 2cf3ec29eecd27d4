import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  type ValidationRule,
} from 'graphql';
import { describeLimit, type Limits } from '../config/limits.ts';

/** Default number of items per page. */
export const DEFAULT_PAGE_SIZE = 50;

/** Marks a field that reads the events of its parent: it costs more than a stored value. */
export const READS = { readsEvents: true };
const READ_COST = 10;
/** Marks a field for which the database processes many events. */
export const COSTLY = { countsEvents: true };
const COUNT_COST = 1_000;
/** Marks a field whose value may be as large as a delivery; fields of type JSONObject are by themselves. */
export const LARGE = { isLarge: true };
const LARGE_COST = 5;
/** Marks a list that is not a page: the fields below it count once per item. */
export const listOf = (items: number) => ({ items });

interface PageSize {
  first?: number | null;
  last?: number | null;
}

/**
 * Sets the complexity of a schema's fields for the rule below: of each field, and of the fields
 * below a page once per requested item. Any field with `first` or `last` is a page, including later
 * ones. Only arguments of pages are read: reading an invalid id of another field would refuse the
 * operation instead of making the field null.
 */
export function weighFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const isPage = field.args.some(({ name }) => name === 'first' || name === 'last');
      const complexity = isPage
        ? pageComplexity
        : { field: costOf(field), multiplier: field.extensions.items ?? 1 };
      field.extensions = { ...field.extensions, complexity };
    }
  }
  return schema;
}

function costOf({ type, extensions }: GraphQLField<unknown, unknown>): number {
  if (extensions.countsEvents) return COUNT_COST;
  if (extensions.readsEvents) return READ_COST;
  return extensions.isLarge || getNamedType(type).name === 'JSONObject' ? LARGE_COST : 1;
}

function pageComplexity({ first, last }: PageSize) {
  // Without its sign: a page below nothing is refused later, and must not make others cheaper.
  return { field: 1, multiplier: Math.abs(first ?? last ?? DEFAULT_PAGE_SIZE) };
}

/**
 * The validation rule that refuses an operation which costs too much: before it runs, so that a
 * subscription does not start.
 *
 * @param operation what was sent with the document: the cost follows from its variables
 */
export function complexityRule(
  limits: Pick<Limits, 'maxComplexity'>,
  operation: { variables: Record<string, unknown>; operationName: string | undefined },
): ValidationRule {
  return createComplexityRule({
    variableValues: operation.variables,
    ...(operation.operationName !== undefined && { operationName: operation.operationName }),
    context: {},
    validate({ complexity }, reportError) {
      if (complexity <= limits.maxComplexity) return;
      const most = describeLimit(limits, 'maxComplexity');
      reportError(
        new GraphQLError(
          `The operation has a complexity of ${complexity}; at most ${most} is taken. Ask for smaller pages (one without \`first\` or \`last\` counts as ${DEFAULT_PAGE_SIZE}) or fewer fields.`,
        ),
      );
    },
  });
}
