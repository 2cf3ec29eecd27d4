import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getOperationAST,
  isAbstractType,
  isObjectType,
  OperationTypeNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Key in the `extensions` of a shareable field. */
const MARK = 'shareable';

/**
 * Options of a field whose value depends only on its object, its arguments, and the viewer's access
 * profile: not on time, a store, other members of the context, or chance. An operation that selects
 * any other field is executed for each subscription.
 */
export const pure = shareable();

/**
 * Options of a shareable field whose value does not depend on these arguments either: on a
 * subscription's root they select events and do not change how an event is rendered.
 */
export function shareable({ ignoreArgs = [] }: { ignoreArgs?: readonly string[] } = {}) {
  return { extensions: { [MARK]: ignoreArgs } };
}

/** What distinguishes the results of a subscription for one event, beside the access profile. */
export interface Sharing {
  /** The variables on which results depend. */
  variables: readonly string[];
}

/**
 * Determines whether all subscribers with this operation can receive the same result for an event:
 * whether every selected field is shareable on every type it may apply to.
 *
 * @param document a valid document
 * @returns undefined where each subscription needs its own result
 */
export function analyzeSharing(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
): Sharing | undefined {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return undefined;
  const own = separateOperations(document)[operation.name?.value ?? ''];
  if (own === undefined) return undefined;
  const typeInfo = new TypeInfo(schema);
  const variables = new Set<string>();
  let isShared = true;
  visit(
    own,
    visitWithTypeInfo(typeInfo, {
      // Defaults are part of the document; the use of a variable is what counts.
      VariableDefinition: () => false,
      Field(node) {
        if (!isPure(schema, typeInfo.getParentType(), node.name.value)) isShared = false;
      },
      Argument(node) {
        const isOfRoot = typeInfo.getParentType() === schema.getSubscriptionType();
        if (typeInfo.getDirective() || !isOfRoot) return undefined;
        const unused = typeInfo.getFieldDef()?.extensions[MARK];
        // Variables within an ignored argument do not affect the result.
        return Array.isArray(unused) && unused.includes(node.name.value) ? false : undefined;
      },
      Variable(node) {
        variables.add(node.name.value);
      },
    }),
  );
  return isShared ? { variables: [...variables].sort() } : undefined;
}

function isPure(
  schema: GraphQLSchema,
  parent: GraphQLNamedType | null | undefined,
  name: string,
): boolean {
  if (name === '__typename') return true;
  const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
  return (
    types.length > 0 &&
    types.every((type) => isObjectType(type) && MARK in (type.getFields()[name]?.extensions ?? {}))
  );
}
