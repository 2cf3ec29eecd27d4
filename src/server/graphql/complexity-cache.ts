import { type DocumentNode, Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';

/** As many are kept for one operation; then it begins anew. */
const MAX_KEYS = 100;
/** Longer ones are not kept: nobody needs so many variables. Unit: characters. */
const MAX_LENGTH = 256;

/** What the cost of an operation may depend on: page sizes, and whether something is left out. */
const COUNTING = new Set(['Int', 'Boolean']);

interface Known {
  names: readonly string[];
  keys: Set<string>;
}

/**
 * Which operations, with which variables, were found to cost no more than they may: to find out takes
 * a walk through the document, and most are asked again and again with another cursor or filter.
 */
export function createComplexityCache() {
  const byDocument = new WeakMap<DocumentNode, Map<OperationDefinitionNode, Known>>();

  function knownOf(document: DocumentNode, operation: OperationDefinitionNode): Known {
    const operations = byDocument.get(document) ?? new Map<OperationDefinitionNode, Known>();
    byDocument.set(document, operations);
    const known = operations.get(operation) ?? { names: countingOf(operation), keys: new Set() };
    operations.set(operation, known);
    return known;
  }

  return {
    /** @param variables as they were sent */
    of(
      document: DocumentNode,
      operation: OperationDefinitionNode,
      variables: Readonly<Record<string, unknown>>,
    ) {
      const { names, keys } = knownOf(document, operation);
      // One that is not given has its default; null is a value.
      const key = JSON.stringify(
        names.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])),
      );
      return {
        has: () => keys.has(key),
        add() {
          if (keys.size >= MAX_KEYS) keys.clear();
          if (key.length <= MAX_LENGTH) keys.add(key);
        },
      };
    },
  };
}

function countingOf({ variableDefinitions = [] }: OperationDefinitionNode): string[] {
  return variableDefinitions
    .filter(({ type }) => COUNTING.has(nameOf(type)))
    .map(({ variable }) => variable.name.value);
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
