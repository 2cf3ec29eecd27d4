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

/** Stands in the `extensions` of a field that is pure. */
const MARK = 'shareable';

/**
 * Options of a field whose value follows from its object, its arguments, and what `auth/viewer.ts`
 * says of the viewer; not from the time, a store, other members of the context, or chance. A field
 * without them is taken for one that does, and what selects it is executed for each subscription.
 */
export const pure = shareable();

/**
 * Options of a pure field whose value does not even follow from these of its arguments: of a
 * subscription's root, they say which events come and not how one looks.
 */
export function shareable({ ignoreArgs = [] }: { ignoreArgs?: readonly string[] } = {}) {
  return { extensions: { [MARK]: ignoreArgs } };
}

/** What tells the results of a subscription for one event apart, beside the rights of the viewer. */
export interface Sharing {
  /** The variables on which they depend. */
  variables: readonly string[];
}

/**
 * Looks whether all that subscribe with this operation can be given the same result for an event:
 * whether every field that it selects is pure, on every type that it may be selected on.
 *
 * @param document one that is valid
 * @returns undefined where each must have a result of its own
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
      // Its default is the document's, and a value that counts is counted where it is used.
      VariableDefinition: () => false,
      Field(node) {
        if (!isPure(schema, typeInfo.getParentType(), node.name.value)) isShared = false;
      },
      Argument(node) {
        const isOfRoot = typeInfo.getParentType() === schema.getSubscriptionType();
        if (typeInfo.getDirective() || !isOfRoot) return undefined;
        const unused = typeInfo.getFieldDef()?.extensions[MARK];
        // Its value is looked at no further: it says nothing about the result.
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
