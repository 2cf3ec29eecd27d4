import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** What tools ask for at most: every option of graphql-js. */
const LARGEST_QUERY = parse(
  getIntrospectionQuery({
    ...{ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, oneOf: true },
    ...{ schemaDescription: true, inputValueDeprecation: true },
  }),
);

export interface Introspection {
  /** How often `__schema` is selected, in fragments once for each spread. */
  schemas: number;
  /** About how many fields the answer has below `__schema` and `__type`. */
  cost: number;
}

/** Returns how the cost of introspection is found for a schema, and what a tool needs at most. */
export function createIntrospectionCost(schema: GraphQLSchema) {
  const sizes = listSizes(schema);

  function measure(document: DocumentNode, operation: OperationDefinitionNode): Introspection {
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    }
    /** Each set of fields is measured once, below introspection and outside of it. */
    const known = {
      inside: new Map<SelectionSetNode, Introspection>(),
      outside: new Map<SelectionSetNode, Introspection>(),
    };

    function ofSet(set: SelectionSetNode | undefined, isInside: boolean): Introspection {
      if (set === undefined) return { schemas: 0, cost: 0 };
      const seen = isInside ? known.inside : known.outside;
      const before = seen.get(set);
      if (before) return before;
      const total = { schemas: 0, cost: 0 };
      // Stands for itself in a cycle, which other rules refuse.
      seen.set(set, total);
      for (const selection of set.selections) {
        const isField = selection.kind === Kind.FIELD;
        const name = isField ? selection.name.value : '';
        const isRoot = name === '__schema' || name === '__type';
        const below = ofSet(
          selection.kind === Kind.FRAGMENT_SPREAD
            ? fragments.get(selection.name.value)?.selectionSet
            : selection.selectionSet,
          isInside || isRoot,
        );
        const times = isInside ? (sizes[name] ?? 1) : 1;
        total.schemas += below.schemas + (name === '__schema' ? 1 : 0);
        total.cost += below.cost * times + (isInside && isField ? 1 : 0);
      }
      return total;
    }
    return ofSet(operation.selectionSet, false);
  }

  const [operation] = LARGEST_QUERY.definitions;
  return { measure, mostCost: measure(LARGEST_QUERY, operation as OperationDefinitionNode).cost };
}

/** How long the lists of introspection are: of the types exactly, of what they have on average. */
function listSizes(schema: GraphQLSchema): Record<string, number> {
  const types = Object.values(schema.getTypeMap());
  const fieldsOf = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? [Object.values(type.getFields())] : [],
  );
  const fields = fieldsOf.flat();
  const share = (count: number) => Math.max(1, count / types.length);
  const inputs = types.flatMap((type) =>
    isInputObjectType(type) ? Object.values(type.getFields()) : [],
  );
  return {
    types: types.length,
    directives: schema.getDirectives().length,
    fields: share(fields.length),
    args: Math.max(1, fields.flatMap(({ args }) => args).length / fields.length),
    inputFields: share(inputs.length),
    enumValues: share(types.flatMap((type) => (isEnumType(type) ? type.getValues() : [])).length),
  };
}
