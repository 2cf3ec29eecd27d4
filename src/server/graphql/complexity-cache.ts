import { type DocumentNode, Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';

/** Maximum cached variable combinations per operation; the cache is then cleared. */
const MAX_KEYS = 100;
/** Longer combinations are not cached. Unit: characters. */
const MAX_LENGTH = 256;

/** Types of variables on which the complexity may depend: page sizes, and `@skip` or `@include`. */
const COUNTING = new Set(['Int', 'Boolean']);

/** For variables that are not valid. */
const UNKNOWN = { has: () => false, add: () => undefined };

interface CachedComplexity {
  names: readonly string[];
  keys: Set<string>;
}

/**
 * Caches which operations, with which variables, are within the complexity limit: computing it
 * walks the whole document, and most operations recur with another cursor or filter.
 */
export function createComplexityCache() {
  const byDocument = new WeakMap<DocumentNode, Map<OperationDefinitionNode, CachedComplexity>>();

  function knownOf(document: DocumentNode, operation: OperationDefinitionNode): CachedComplexity {
    const operations =
      byDocument.get(document) ?? new Map<OperationDefinitionNode, CachedComplexity>();
    byDocument.set(document, operations);
    const known = operations.get(operation) ?? { names: countingOf(operation), keys: new Set() };
    operations.set(operation, known);
    return known;
  }

  return {
    /** @param variables as sent */
    of(
      document: DocumentNode,
      operation: OperationDefinitionNode,
      variables: Readonly<Record<string, unknown>>,
    ) {
      const { names, keys } = knownOf(document, operation);
      // An absent variable has its default; null is a value. A list or an object is never valid, and may be
      // too deep to be serialised.
      const values = names.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : []));
      if (values.flat().some((value) => typeof value === 'object' && value !== null))
        return UNKNOWN;
      const key = JSON.stringify(values);
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
