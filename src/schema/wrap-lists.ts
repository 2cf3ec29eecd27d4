import {
  defaultFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';

/** Handles the items of a list before they are completed; it may throw. */
export type HandleItems<Context> = (
  items: readonly unknown[],
  info: GraphQLResolveInfo,
  context: Context,
) => unknown;

/** Passes the items of every list of objects through a function, including those of later fields. */
export function wrapLists<Context>(
  schema: GraphQLSchema,
  handle: HandleItems<Context>,
): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const isList = isListType(getNullableType(field.type));
      if (!isList || !isCompositeType(getNamedType(field.type))) continue;
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (source, args, context, info) => {
        const handled = (list: unknown) =>
          Array.isArray(list) ? handle(list, info, context) : list;
        const items = resolve(source, args, context, info);
        return items instanceof Promise ? items.then(handled) : handled(items);
      };
    }
  }
  return schema;
}
