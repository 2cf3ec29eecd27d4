import {
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isUnionType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { maySeeAllPersonal, type Viewer } from '../../auth/viewer.ts';
import { EventlineError } from '../../errors.ts';
import type { Filter } from '../../log/read/filter.ts';
import { isPersonalField, PERSONAL_NEEDS } from '../types/only-personal.ts';

/**
 * Refuses a subscription that selects a personal field which its viewer can see in no event.
 * Otherwise it would work until the first event that has the field: some clients end a subscription
 * at its first error.
 *
 * @param filter what the viewer follows
 * @throws EventlineError FORBIDDEN with the path of the field
 */
export function refuseHiddenFields(viewer: Viewer, filter: Filter, info: GraphQLResolveInfo): void {
  const { userId } = viewer;
  if (maySeeAllPersonal(viewer)) return;
  if (userId !== null && (filter.userIds?.includes(userId) ?? true)) return;
  const path = findPersonalField(info);
  if (path) throw new EventlineError('FORBIDDEN', `${path.join('.')}: ${PERSONAL_NEEDS}`);
}

/** Returns the path of the first personal field that is selected. */
function findPersonalField(info: GraphQLResolveInfo): string[] | undefined {
  const { schema, fragments, variableValues } = info;
  /** Fragments without a personal field: each is read once, however often it is spread. */
  const read = new Set<string>();

  const isExcluded = (node: SelectionNode) =>
    getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false;

  function inSelections(
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    path: string[],
  ): string[] | undefined {
    for (const node of selections) {
      const found = isExcluded(node) ? undefined : inSelection(node, parent, path);
      if (found) return found;
    }
    return undefined;
  }

  function inSelection(node: SelectionNode, parent: GraphQLCompositeType, path: string[]) {
    if (node.kind === 'Field') {
      const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
      if (!field) return undefined;
      const own = [...path, node.alias?.value ?? node.name.value];
      if (isPersonalField(field)) return own;
      const type = getNamedType(field.type);
      return node.selectionSet && isCompositeType(type)
        ? inSelections(node.selectionSet, type, own)
        : undefined;
    }
    const spread = node.kind === 'FragmentSpread' ? node.name.value : undefined;
    if (spread !== undefined && read.has(spread)) return undefined;
    if (spread !== undefined) read.add(spread);
    const fragment = node.kind === 'FragmentSpread' ? fragments[node.name.value] : node;
    const condition = fragment?.typeCondition;
    const type = condition ? schema.getType(condition.name.value) : parent;
    return fragment && isCompositeType(type)
      ? inSelections(fragment.selectionSet, type, path)
      : undefined;
  }

  return inSelections(info.operation.selectionSet, info.parentType, []);
}
