import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { CURSOR_EXAMPLE, ID_EXAMPLE, withExample } from './with-example.ts';

const described = (description: string) => ({ description });

/**
 * Descriptions of the Relay plugin's types and fields: pages are exact, and a cursor is a position
 * in the log.
 *
 * The rules are those of https://relay.dev/graphql/connections.htm.
 */
export const relayDescriptions = {
  nodeTypeOptions: described('An object with a global id (Relay): `node(id)` returns it.'),
  pageInfoTypeOptions: described('Position of a page in its list (Relay).'),
  hasNextPageFieldOptions: described('True when more matching items follow this page.'),
  hasPreviousPageFieldOptions: described('True when more matching items precede this page.'),
  startCursorFieldOptions: described(
    withExample(
      'The `cursor` of the first edge, for `before`; null on an empty page.',
      CURSOR_EXAMPLE,
    ),
  ),
  endCursorFieldOptions: described(
    withExample(
      'The `cursor` of the last edge, for `after`; null on an empty page.',
      CURSOR_EXAMPLE,
    ),
  ),
  pageInfoFieldOptions: described('Position of this page in its list.'),
  cursorFieldOptions: described(
    withExample("The node's position in the log, for `after` and `before`.", CURSOR_EXAMPLE),
  ),
  firstArgOptions: described(
    withExample('Size of a forward page, after `after` or from the start. Unit: items.', 20),
  ),
  afterArgOptions: described(
    withExample('The cursor after which the page begins.', CURSOR_EXAMPLE),
  ),
  lastArgOptions: described(
    withExample(
      'Size of a backward page, before `before` or from the end. Unit: items. Not with `first`.',
      20,
    ),
  ),
  beforeArgOptions: described(
    withExample('The cursor before which the page ends.', CURSOR_EXAMPLE),
  ),
} as const;

export const nodeIdArgument = described(withExample('A global id.', ID_EXAMPLE));

/** The plugin adds `id` to interfaces without a description. */
export function describeNodeIds(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    const id = isInterfaceType(type) ? type.getFields().id : undefined;
    if (id) {
      id.description ??= withExample(
        'The global id, for `node(id)`; valid for this log only.',
        ID_EXAMPLE,
      );
    }
  }
  return schema;
}
